package main

// rates are what the model is made of: megabytes (10^6) per second.
type rates struct {
	compress   float64 // bytes of NARs, by one core
	ratio      float64 // bytes of files for each byte of NARs
	send       float64 // bytes of NARs that Nix copies to a machine, or from it
	substitute float64 // bytes of NARs that a machine takes from a binary cache
	join       float64 // bytes of files that the join copies
	read       float64 // bytes of NARs that the disk gives
}

// site is what there is to build with.
type site struct {
	machines float64 // with the one that joins not among them
	cores    float64 // of each
	link     float64 // megabytes per second, of each
	inputs   inputs
}

// inputs is how the closure comes to a machine.
type inputs string

const (
	sent    inputs = "sent"    // by the one that joins, which has it
	fetched inputs = "fetched" // from a binary cache
	there   inputs = "there"   // by what was done before
)

// fetchedRatio is how small the binary cache is that machines fetch from.
const fetchedRatio = 0.31

// stages are the seconds that each takes: none begins before the one before it
// has ended, on whatever machine.
type stages struct{ send, pack, back, join float64 }

func (s stages) total() float64 { return s.send + s.pack + s.back + s.join }

// longest names the stage that takes most.
func (s stages) longest() string {
	name, most := "send", s.send
	for _, stage := range []struct {
		name    string
		seconds float64
	}{{"pack", s.pack}, {"back", s.back}, {"join", s.join}} {
		if stage.seconds > most {
			name, most = stage.name, stage.seconds
		}
	}
	return name
}

// alone is what one machine takes without shards.
func alone(r rates, cores, size float64) float64 {
	return size / min(cores*r.compress, r.read)
}

// model is what shards take for a closure of size megabytes of NARs.
func model(r rates, s site, size float64) stages {
	files := r.ratio * size
	return stages{
		send: send(r, s, size),
		pack: size / s.machines / min(s.cores*r.compress, r.read),
		back: files / min(s.link, s.machines*r.send),
		join: files / r.join,
	}
}

// send is what it takes until each machine has the whole closure, for any of it
// has to be there that the graph names.
func send(r rates, s site, size float64) float64 {
	switch s.inputs {
	case sent:
		return max(size/r.send, s.machines*size/s.link)
	case fetched:
		return max(size/r.substitute, fetchedRatio*size/s.link)
	default:
		return 0
	}
}
