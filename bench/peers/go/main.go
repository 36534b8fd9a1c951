// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Go's net/http and protobuf: one goroutine a connection. peers.sh makes peer/wire from the API's messages.
package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"google.golang.org/protobuf/proto"
	"peer/wire"
)

type call struct {
	url   string
	agent string
}

// do makes one call with the next id of ids.
func (c *call) do(client *http.Client, ids io.Reader) error {
	var id [16]byte
	if _, err := io.ReadFull(ids, id[:]); err != nil {
		return err
	}
	body, err := proto.Marshal(&wire.SendMessageRequest{
		MsgId:       hex.EncodeToString(id[:]),
		ChatId:      "big",
		ChatType:    2, // a group
		Content:     &wire.Content{Text: "hello"},
		ContentType: 1, // text
	})
	if err != nil {
		return err
	}
	request, err := http.NewRequest(http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("User-Agent", c.agent)
	request.Header.Set("Content-Type", "application/x-protobuf")
	request.Header.Set("Accept", "application/x-protobuf")
	request.Header.Set("token", "test-token")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	reply, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil {
		return err
	}
	var parsed wire.StatusReply
	if response.StatusCode != http.StatusOK || proto.Unmarshal(reply, &parsed) != nil || parsed.GetStatus().GetCode() != 1 {
		return fmt.Errorf("the server refused a call: HTTP status %d", response.StatusCode)
	}
	return nil
}

func cpu() (float64, float64, int64) {
	var used syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return float64(used.Utime.Nano()) / 1e3, float64(used.Stime.Nano()) / 1e3, used.Maxrss
}

func run() error {
	port := flag.Int("port", 0, "of the server on 127.0.0.1")
	caFile := flag.String("ca-file", "", "CA that has signed the server's certificate (PEM)")
	agent := flag.String("user-agent", "", "the request's user agent")
	connections := flag.Int("connections", 64, "each with one call at a time")
	calls := flag.Int64("calls", 20000, "calls to measure")
	warmUp := flag.Int64("warm-up", 2000, "calls before these")
	flag.Parse()

	pem, err := os.ReadFile(*caFile)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return fmt.Errorf("the CA can't be read")
	}
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: roots},
		MaxConnsPerHost:     *connections,
		MaxIdleConns:        *connections,
		MaxIdleConnsPerHost: *connections,
		DisableCompression:  true,
	}}
	one := &call{
		url:   fmt.Sprintf("https://127.0.0.1:%d/v1/msg/send-message", *port),
		agent: *agent,
	}

	// Each goroutine takes its calls from those that are left; phases are measured apart, connections stay open.
	phase := func(count int64) error {
		var failed atomic.Value
		var all sync.WaitGroup
		left := count
		for i := 0; i < *connections; i++ {
			all.Add(1)
			go func() {
				defer all.Done()
				ids := bufio.NewReaderSize(rand.Reader, 1024) // fewer system calls
				for atomic.AddInt64(&left, -1) >= 0 {
					if err := one.do(client, ids); err != nil {
						failed.Store(err)
						return
					}
				}
			}()
		}
		all.Wait()
		if err, is := failed.Load().(error); is {
			return err
		}
		return nil
	}
	if err := phase(*warmUp); err != nil {
		return err
	}
	begin := time.Now()
	userBefore, systemBefore, _ := cpu()
	if err := phase(*calls); err != nil {
		return err
	}
	user, system, rss := cpu()
	user, system = user-userBefore, system-systemBefore
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"name":             "go",
		"calls":            *calls,
		"connections":      *connections,
		"cpu_us_per_call":  (user + system) / float64(*calls),
		"user_us_per_call": user / float64(*calls),
		"calls_per_second": float64(*calls) / time.Since(begin).Seconds(),
		"peak_rss_kb":      rss,
	})
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "go:", err)
		os.Exit(1)
	}
}
