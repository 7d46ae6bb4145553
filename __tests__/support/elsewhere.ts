import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Zippable, type ZippableFile, zipSync } from "fflate";
import { temporaryFolder } from "./project";

/** The architecture of this machine, as Lambda calls it. */
export const here = process.arch === "arm64" ? "arm64" : "x86_64";
export const elsewhere = here === "arm64" ? "x86_64" : "arm64";

/** A zip file of programs and other files, with modes as Unix keeps them. */
export function zipOf(files: Readonly<Record<string, string | Uint8Array>>, mode = 0o755, os = 3): Buffer {
  const entries = Object.entries(files).map(([path, content]): [string, ZippableFile] => [
    path,
    [Buffer.from(content), { os, attrs: (0o100000 | mode) << 16, mtime: "2026-01-01" }],
  ]);
  return Buffer.from(zipSync(Object.fromEntries(entries) as Zippable));
}

/** The first bytes of a program for Linux. */
export function elfOf(architecture: "x86_64" | "arm64"): Buffer {
  const elf = Buffer.alloc(64);
  elf.write("\x7fELF\x02\x01\x01", "latin1");
  elf.writeUInt16LE(architecture === "arm64" ? 183 : 62, 18);
  return elf;
}

/** A handler in Go that speaks with Lambda's Runtime API and nothing but Go itself. */
const source = (version: string) => `package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

type event struct {
	Path                  string            \`json:"path"\`
	QueryStringParameters map[string]string \`json:"queryStringParameters"\`
}

func main() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/"
	if os.Getenv("FAIL_INIT") != "" {
		body := \`{"errorType":"Init","errorMessage":"no table"}\`
		http.Post(api+"init/error", "application/json", strings.NewReader(body))
		os.Exit(1)
	}
	for {
		next, err := http.Get(api + "invocation/next")
		if err != nil {
			os.Exit(1)
		}
		text, _ := io.ReadAll(next.Body)
		next.Body.Close()
		id := next.Header.Get("Lambda-Runtime-Aws-Request-Id")
		var given event
		json.Unmarshal(text, &given)
		switch given.QueryStringParameters["do"] {
		case "exit":
			os.Exit(3)
		case "sleep":
			time.Sleep(time.Minute)
		case "fail":
			body := \`{"errorType":"Sold","errorMessage":"sold out","stackTrace":["main.go:1"]}\`
			http.Post(api+"invocation/"+id+"/error", "application/json", strings.NewReader(body))
			continue
		}
		fmt.Println("called", id)
		told, _ := json.Marshal(map[string]string{
			"id": id, "arn": next.Header.Get("Lambda-Runtime-Invoked-Function-Arn"),
			"trace": next.Header.Get("Lambda-Runtime-Trace-Id"), "deadline": next.Header.Get("Lambda-Runtime-Deadline-Ms"),
			"handler": os.Getenv("_HANDLER"), "root": os.Getenv("LAMBDA_TASK_ROOT"),
		})
		answer, _ := json.Marshal(map[string]any{
			"statusCode": 200, "headers": map[string]string{"x-version": "${version}"}, "body": string(told),
		})
		http.Post(api+"invocation/"+id+"/response", "application/json", bytes.NewReader(answer))
	}
}
`;

/** A program for provided.al2023 that tells its version, built by this machine's Go. @throws where it has none */
export function goBootstrap(version: string, architecture: "x86_64" | "arm64" = here): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "main.go"), source(version));
  writeFileSync(join(folder, "go.mod"), "module shop\n\ngo 1.20\n");
  const { status, stderr, error } = spawnSync(
    "go",
    ["build", "-trimpath", "-ldflags=-s -w", "-o", "bootstrap"],
    {
      cwd: folder,
      encoding: "utf8",
      env: {
        ...process.env,
        CGO_ENABLED: "0",
        GOOS: "linux",
        GOARCH: architecture === "arm64" ? "arm64" : "amd64",
        GOFLAGS: "",
        GOTOOLCHAIN: "local",
      },
    },
  );
  if (status !== 0) throw new Error(`go build failed: ${error?.message ?? stderr}`);
  return join(folder, "bootstrap");
}
