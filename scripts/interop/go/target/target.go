// Package target says where the services are: the universe's URLs, or the real ones, as `dtu exec` runs a program.
package target

import "os"

// Pointed tells whether a program names the universe's URLs itself.
var Pointed = os.Getenv("INTEROP") == "url"

// URL is the universe's own when pointed, else the real one.
func URL(variable, real string) string {
	if Pointed {
		return os.Getenv(variable)
	}
	return real
}

// Must ends the program when a call failed.
func Must(err error) {
	if err != nil {
		panic(err)
	}
}

// Equal ends the program when two texts differ.
func Equal(got, want string) {
	if got != want {
		panic("got " + got + ", not " + want)
	}
}
