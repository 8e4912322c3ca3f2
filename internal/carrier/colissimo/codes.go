package colissimo

import (
	"strings"
	"sync"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/fact"
)

// meaning is what an event's code says in our words.
type meaning struct {
	status fact.Status
	reason fact.Reason
	place  carrier.Place
}

// means gives a meaning to codes. Source: notes on carriers, 1.2, from the codes
// and labels of the carrier's own shop plug-in.
type means struct {
	meaning
	codes string
}

// dictionary is the codes that are known. A later line wins over an earlier one.
var dictionary = []means{
	{meaning{status: fact.Pending}, `COMCFM PCHCLI PCHDFT PCHMQT EMLCFM`},
	{meaning{status: fact.PickedUp}, `DEPGUI DEPHLD DEPIMP DEPREL DEPSIO ECHCFM ECHCLI AECCOU AECPRE PCHCEI PCHEXP`},
	{meaning{status: fact.InTransit}, `AEC AEC128 AECCFM AECEXC AECEXP AECIMP AECIND AECMAN AECPIS AECPNC AECS3C AECSEC AECTRC AECTRI
		AARDES AAREXP AARIMP AARTRA DEPCDR DOUEXP DOUFAC DOUPAR DOUTAX DOUVIS FENDES PABDES MLVEXP MLVIMP MLVTRA MLVTRD
		PCH128 PCHBOR PCHCFM PCHDIS PCHEXC PCHEXT PCHIMP PCHIND PCHINJ PCHJPO PCHMAN PCHPDS PCHPIS PCHPNC PCHPRE PCHREC PCHS3C PCHSEC PCHSVI PCHTRI RSTTAF`},
	{meaning{status: fact.ArrivedLocal}, `AARCFM AARJPO`},
	{meaning{status: fact.OutForDelivery}, `PRELIV RENRDV LIVREL ACKNAD QDICFM`},
	{meaning{status: fact.Appointment}, `RDVCFM RDVCR1 RDVCR2 RDVCR3 RDVDEM RDVINS RDVLDF RDVMA1 RDVMA2 RDVMA3 RDVPRI RDVREP RDVSEC RDVTER RSDNRV RSTDIF`},
	{meaning{status: fact.ReadyForPickup}, `AARAVI AARBPR AARBRX AARREL AARRLX LIVCIT LIVRLI MLVARS NADDES RENAPR`},
	{meaning{status: fact.FailedAttempt}, `LIVAVI RENAVI RENGUI RSTAVI RSTZNL RDVAIN RDVINC RECALI RENCRV RENRES RSTRES`},
	{meaning{status: fact.FailedAttempt, reason: fact.ReasonAbsent}, `RENARV RENNRV RDVABS`},
	{meaning{status: fact.FailedAttempt, reason: fact.ReasonAccess}, `RENACP RSTACP`},
	{meaning{status: fact.FailedAttempt, reason: fact.ReasonClosed}, `RENFCO`},
	{meaning{status: fact.Redirected}, `AARREX RENREX RENRPR RSDBPI RSDCNI RSDCNS RSDREL`},
	{meaning{status: fact.Exception, reason: fact.ReasonAddress}, `PCHREN RCDDVY RENAIN RENCAD RSTCAD`},
	{meaning{status: fact.Customs}, `AARDOU DOUAGV DOUDOU`},
	{meaning{status: fact.CustomsHeld}, `DOUCOI DOUCOM DOUCRR DOUDDI DOUDDM DOUDVR DOUEOR DOUEXI DOUFCI DOUFCM DOUIDD DOUIIR DOUNIR DOURES`},
	{meaning{status: fact.Exception}, `AACALI AARLIB RENACO RENAEP RENDET RENECO RENINC RENPPL RENREF RENREL RENVOL SCCDES SOLDOC SOLMAR SOLMQD SOLMQT SOLVOL
		DOUPRO RSTPRO SOLDDR ENEDOC ENEMQT ENENCF ENEAVA`},
	{meaning{status: fact.Exception, reason: fact.ReasonMisrouted}, `AARTER AARRTG`},
	{meaning{status: fact.Exception, reason: fact.ReasonDamaged}, `REFCDS REFDDS REFINS REFISO REFLIB`},
	{meaning{status: fact.Exception, reason: fact.ReasonAccess}, `ENEDAF`},
	{meaning{status: fact.Delivered}, `LIVACC LIVBPO LIVCFM LIVCGA LIVDIV LIVRCA LIVRCC LIVRDV LIVVPC`},
	{meaning{status: fact.Delivered, place: fact.Mailbox}, `LIVBAL`},
	{meaning{status: fact.Delivered, place: fact.Reception}, `LIVGAR`},
	{meaning{status: fact.Delivered, place: fact.Neighbour}, `LIVVOI LIVRTI`},
	{meaning{status: fact.Returning, reason: fact.ReasonRefused}, `RCDREL RENAVA RENDES RENOUV RENSHD RENSNC RENSRB RENXXX`},
	{meaning{status: fact.Returning, reason: fact.ReasonCollectionExpired}, `RENALI RENDID`},
	{meaning{status: fact.Returning}, `AACEDI ECHANN ECHCEX ECHDID ECHMQT ECHNCF FENRET PABRET RCDABS RCDCPE RCDDES RCDDOC RCDNPA RCDPDS RCDREA RCDRET
		REFALI REFCEX REFDEX RENBEC RENDOC RENEDI RENEMB RENEXP RENHER RENNPA RENRPE RENRPP RENTAX SCCEXP`},
	{meaning{status: fact.Returned}, `LIVEXP LIVREO`},
	// Word of the case alone: it moves no parcel.
	{meaning{status: fact.Unknown}, `DSCOUV DSCCLO QINDIV QINEXP`},
}

var meanings = sync.OnceValue(func() map[string]meaning {
	out := map[string]meaning{}
	for _, m := range dictionary {
		for code := range strings.FieldsSeq(m.codes) {
			out[code] = m.meaning
		}
	}
	return out
})

// meaningOf reads a code. One that nobody described is unknown, and kept.
func meaningOf(code string) meaning {
	if m, known := meanings()[strings.ToUpper(code)]; known {
		return m
	}
	return meaning{status: fact.Unknown}
}
