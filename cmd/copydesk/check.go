package main

import (
	"errors"
	"fmt"
	"os"

	"copydesk/aggregator/extract"
	"copydesk/aggregator/parse"
	"copydesk/config"
	"copydesk/publisher/edition"
)

// configFlag is the operator's file, for every command that reads it.
type configFlag struct {
	Config string `short:"c" default:"copydesk.yaml" placeholder:"FILE" help:"The config file."`
}

// load reads and checks the config. Faults are printed as they are, so that an
// editor can jump to them.
func (f configFlag) load(t *terminal) (*config.Config, error) {
	cfg, err := f.read(t)
	var faults config.Faults
	if errors.As(err, &faults) {
		for _, fault := range faults {
			fmt.Fprintln(t.err, fault)
		}
		return cfg, errQuiet
	}
	return cfg, err
}

// read reads and checks the config and prints nothing.
func (f configFlag) read(t *terminal) (*config.Config, error) { return read(f.Config, t) }

func read(file string, t *terminal) (*config.Config, error) {
	return config.Load(file, config.Options{Env: t.env, CheckRule: checkRule, CheckSelector: extract.CheckSelector, CheckPath: parse.CheckPath})
}

func checkRule(rule string) error {
	_, err := edition.CompileRule(rule)
	return err
}

type checkCommand struct {
	configFlag
	Schema bool `help:"Print the JSON Schema of the config, for editors, and check nothing."`
}

func (c checkCommand) Run(t *terminal) error {
	if c.Schema {
		schema, err := config.Schema()
		if err != nil {
			return err
		}
		_, err = t.out.Write(append(schema, '\n'))
		return err
	}
	cfg, err := c.checked(t)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "%s: no faults; %d sources, %d channels\n", c.Config, len(cfg.Sources), len(cfg.Channels))
	return err
}

// checked prints the faults as data, since they are what was asked for.
func (c checkCommand) checked(t *terminal) (*config.Config, error) {
	if _, err := os.Stat(c.Config); err != nil {
		return nil, fmt.Errorf("%w (name the config with -c FILE)", err)
	}
	return c.load(&terminal{in: t.in, out: t.out, err: t.out, env: t.env})
}
