package app

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/promesse-dev/promesse/internal/backtest"
	"github.com/promesse-dev/promesse/internal/core/money"
)

// backtestCmd walks through past orders.
type backtestCmd struct {
	Orders string  `help:"CSV: order_id, status, purchased_at, approved_at, handed_to_carrier_at, delivered_at, promised_on." required:"" type:"existingfile" placeholder:"FILE"`
	Target float64 `help:"Share of promises to be kept." default:"0.95"`
	JSON   bool    `help:"JSON instead of words."`
	HTML   string  `help:"Write a report: one file, charts with their tables." placeholder:"REPORT" type:"path"`
	Fee    string  `help:"Delivery fee given back for a broken promise, in the report." default:"5.90 EUR"`
}

// Run prints what the shop promised, what happened, and what we would have promised.
func (c *backtestCmd) Run(io Streams) error {
	in, err := os.Open(c.Orders)
	if err != nil {
		return err
	}
	orders, rejects, err := backtest.Read(bufio.NewReader(in))
	if err = errors.Join(err, in.Close()); err != nil {
		return err
	}
	result, err := backtest.Run(orders, c.Target)
	if err != nil {
		return err
	}
	if c.HTML != "" {
		if err := c.report(result); err != nil {
			return err
		}
	}
	if c.JSON {
		if len(rejects) > 0 {
			fmt.Fprintf(io.Err, "%d rows rejected; the first: line %d\n", len(rejects), rejects[0].Line)
		}
		return json.NewEncoder(io.Out).Encode(result)
	}
	return backtest.Text(io.Out, result, rejects, terminalLocale())
}

func (c *backtestCmd) report(r backtest.Result) error {
	var digits, currency string
	if _, err := fmt.Sscan(c.Fee, &digits, &currency); err != nil {
		return fmt.Errorf("fee %q: write it like 5.90 EUR", c.Fee)
	}
	unit, err := money.ParseCurrency(currency)
	if err != nil {
		return err
	}
	fee, err := money.Parse(digits, unit)
	if err != nil {
		return err
	}
	f, err := os.Create(c.HTML)
	if err != nil {
		return err
	}
	return errors.Join(backtest.HTML(f, r, backtest.Report{Locale: terminalLocale(), File: filepath.Base(c.Orders), Fee: fee}), f.Close())
}
