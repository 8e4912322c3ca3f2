package letters

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/survey"
)

// inquire writes the two questions: a score by one tap, and why. One that was
// answered already is asked no more.
func inquire(tx *db.Tx, m ident.Merchant, msg notify.Message) (page, error) {
	_, about, _ := strings.Cut(msg.Cause, "/")
	q, ok, err := survey.Of(tx, m, msg.Order, fact.SurveyKind(about))
	if err != nil || !ok {
		return page{}, fmt.Errorf("letter %s of %s: nothing to ask about: %w", msg.Topic, msg.ID, err)
	}
	if q.State == survey.Answered {
		return page{}, notify.ErrSuperseded
	}
	b, err := merchant.BrandOf(tx, m)
	if err != nil {
		return page{}, err
	}
	who, err := shopper.Get(tx, m, msg.Shopper)
	if err != nil {
		return page{}, err
	}
	o, err := order.Get(tx, m, msg.Order)
	if err != nil {
		return page{}, err
	}
	first, err := q.First(tx, m)
	if err != nil {
		return page{}, err
	}
	return blank(cmp.Or(msg.Locale, o.Locale), who.Name, brandOf(b)).inquiry(q.About, o.Reference, first), nil
}

// inquiry is the letter about a delivery, or about a refund. After the first delivery
// it begins with thanks.
func (p page) inquiry(about fact.SurveyKind, reference string, first bool) page {
	t := func(key string) string {
		return lang.T(p.Locale, key, map[string]any{"Shop": p.Brand.Name, "Order": reference})
	}
	p.know("order", reference)
	path := notify.PageMark + "/avis?"
	if about == fact.AfterRefund {
		path += "q=" + string(about) + "&"
		p.Subject, p.Promise = t("letter.survey_refund_subject"), t("letter.survey_refund")
		p.After = []string{t("letter.survey_refund_scale"), t("letter.survey_free")}
	} else {
		p.Subject, p.Promise = t("letter.survey_subject"), t("letter.survey_easy")
		p.After = []string{t("letter.survey_scale"), t("letter.survey_free")}
	}
	if first {
		p.say(t("letter.survey_first"))
		p.write(t("letter.survey_first"))
	}
	p.say(t("letter.survey_text"))
	p.write(t("letter.survey_text"))
	low, high := survey.Scores(about)
	for n := low; n <= high; n++ {
		value := strconv.Itoa(n)
		p.Scores = append(p.Scores, score{value, lang.T(p.Locale, "letter.survey_score", map[string]any{"Score": n, "Most": high}), path + "note=" + value})
	}
	p.Button, p.URL, p.Open = t("letter.survey_button"), strings.TrimRight(path, "?&"), t("letter.survey_open")
	p.Also, p.AlsoURL = t("letter.survey_refuse"), notify.PageMark+notify.Refusal(fact.TopicSurvey)
	return p
}
