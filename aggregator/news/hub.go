package news

import "time"

// An Intent is what somebody has asked our hub for, until the callback itself
// has said that it means it (WebSub §5.3).
type Intent struct {
	Topic    string
	Callback string
	Secret   string        // what deliveries are to be signed with; empty for unsigned ones
	Leaving  bool          // the subscription is to end
	Lease    time.Duration // granted
	Revision Revision      // of the topic as it stood when it was asked; 0 where that is not known
	Asked    time.Time     // tells it from a later one of the same topic and callback
	Tries    int           // verifications that failed
}

// A Verdict is how the verification of an Intent ended.
type Verdict struct {
	Intent  Intent
	Meant   bool      // the callback has confirmed it
	At      time.Time // when
	AgainAt time.Time // when it is to be asked again; zero: never, if it is not meant
}

// A Subscriber is a callback to which a topic is delivered.
type Subscriber struct {
	ID        int64 // in the shelf
	Topic     string
	Callback  string
	Secret    string
	Until     time.Time // end of its lease
	Delivered Revision  // it has acknowledged the editions up to this mark
	Tries     int       // deliveries in a row that failed
	Failing   time.Time // since when they do; zero when they do not
}

// A Receipt is how a delivery ended, and what the subscriber is now.
type Receipt struct {
	Subscriber Subscriber
	Ended      bool      // it is no subscriber any more
	AgainAt    time.Time // when to try again; zero when all was delivered
}
