// Package fact is the language the rooms share: what can have happened, each
// kind a plain struct of ids, enumerations, amounts and instants, in the file of
// the room that emits it. A fact never carries a name, an address, a text or a
// contact, so it may be kept, replayed and read by anybody who may see its
// merchant at all.
//
// The enumerations that facts carry live here; rooms alias them. The package
// stores nothing: flow writes facts, and Decode reads them back.
package fact

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// Kind names what happened: room, dot, past participle.
type Kind string

// Body is one kind of fact.
type Body interface{ Kind() Kind }

// bodies holds an empty value of every kind.
var bodies = func() map[Kind]reflect.Type {
	m := map[Kind]reflect.Type{}
	for _, b := range []Body{
		MerchantCreated{},
		MerchantConfigured{},
		KeyIssued{},
		KeyRevoked{},
		StockPointSet{},
		PolicySet{},
		StaffSet{},
		BrandSet{},
		Granted{},
		GrantRevoked{},
		ShopperRegistered{},
		PersonVerified{},
		ShopperLinked{},
		ShopperUnlinked{},
		ShopperSignedIn{},
		ContactChanged{},
		ShopperExported{},
		ShopperErased{},
		OrderPlaced{},
		OrderCancelled{},
		ParcelAnnounced{},
		TariffSet{},
		UnitsMissing{},
		OrderErased{},
		ParcelShared{},
		ParcelUnshared{},
		ConnectionSet{},
		ServiceSet{},
		CarrierAsked{},
		CarrierAnswered{},
		ParcelMoved{},
		ParcelStalled{},
		ParcelDisputed{},
		LegAdded{},
		PromiseMade{},
		PromiseKept{},
		PromiseBroken{},
		PromiseVoided{},
		PromiseCorrected{},
		PromiseAmended{},
		PromiseAtRisk{},
		PromiseTold{},
		PromiseReestimated{},
		IncidentDeclared{},
		IncidentChanged{},
		BroadcastHeld{},
		BroadcastReleased{},
		BroadcastRefused{},
		RiskLifted{},
		GridSet{},
		SlotBooked{},
		SlotReleased{},
		EarlyAsked{},
		EarlyAnswered{},
		ChangeAsked{},
		ChangeAccepted{},
		ChangeRefused{},
		ChangeUnanswered{},
		ChangeElsewhere{},
		ChangeAgreed{},
		ChangeUnkept{},
		Regrouped{},
		RegroupFallen{},
		RemedyGranted{},
		RemedyRefused{},
		RemedyAwaited{},
		MessageSent{},
		MessageFailed{},
		MessageBounced{},
		TemplateSet{},
		TemplateFailed{},
		PointsFed{},
		StoreSet{},
		FavouriteSet{},
		DeskAsked{},
		DeskWritten{},
		DeskAnswered{},
		DeskClosed{},
		DeskHanded{},
		ClaimRaised{},
		ClaimSorted{},
		EvidenceAsked{},
		EvidenceGiven{},
		ClaimDecided{},
		ClaimContested{},
		ContestDecided{},
		SurveyAsked{},
		SurveyAnswered{},
		ReturnRequested{},
		ReturnHeld{},
		ReturnAccepted{},
		ReturnLabelled{},
		ReturnDeposited{},
		PickupSet{},
		PickupMissed{},
		ReturnReceived{},
		ReturnLost{},
		ReturnDecided{},
		ReturnCancelled{},
		ReturnExpiring{},
		ReturnExpired{},
		ReturnClosed{},
		ReturnContested{},
		DisputeSettled{},
		UpliftBooked{},
		Withdrawn{},
		Demanded{},
		Resolvable{},
		Resolved{},
		MadeGood{},
		RefundOrdered{},
		Refunded{},
		RefundStuck{},
		RefundMissed{},
		CreditGiven{},
		CreditSpent{},
		EndpointSet{},
		EndpointRested{},
		DeviceSet{},
		ClerkSet{},
		ParcelHeld{},
		ParcelLocked{},
		ParcelHandedOver{},
		CourierSet{},
		RoundDeviceSet{},
		StopSet{},
		StopVisited{},
	} {
		m[b.Kind()] = reflect.TypeOf(b)
	}
	return m
}()

// Kinds lists every kind, sorted.
func Kinds() []Kind {
	ks := make([]Kind, 0, len(bodies))
	for k := range bodies {
		ks = append(ks, k)
	}
	slices.Sort(ks)
	return ks
}

// Decode reads the body of a stored fact.
func Decode(k Kind, body []byte) (Body, error) {
	t, ok := bodies[k]
	if !ok {
		return nil, fmt.Errorf("fact: no kind %q", k)
	}
	v := reflect.New(t)
	if err := json.Unmarshal(body, v.Interface()); err != nil {
		return nil, fmt.Errorf("fact: decode %s: %w", k, err)
	}
	return v.Elem().Interface().(Body), nil
}
