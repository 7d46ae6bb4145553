package main

import (
	"context"
	"encoding/json"
	"math/big"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	lambda.Start(handle)
}

// handle answers GET /primes/{number}.
func handle(_ context.Context, event events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	number, ok := new(big.Int).SetString(event.PathParameters["number"], 10)
	if !ok {
		return answer(http.StatusBadRequest, map[string]any{"error": "'number' must be a whole number"})
	}
	return answer(http.StatusOK, map[string]any{"number": number, "prime": number.ProbablyPrime(20)})
}

func answer(status int, body map[string]any) (events.APIGatewayProxyResponse, error) {
	text, err := json.Marshal(body)
	return events.APIGatewayProxyResponse{
		StatusCode: status,
		Headers:    map[string]string{"content-type": "application/json"},
		Body:       string(text),
	}, err
}
