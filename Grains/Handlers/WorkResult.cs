using System.Text.Json;
using System.Text.Unicode;
using Shortline.Protocol.Responses;

namespace Shortline.Grains.Handlers;

/// <summary>Turns the outcome of a handler into the status and body of the response.</summary>
internal static class WorkResult
{
    /// <summary>Bytes of an error's text at most.</summary>
    private const int MaxText = 1000;

    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = 1000 };

    /// <summary>Checks the outcome of a handler that has returned. Keeps its result, or puts an error text in its place.</summary>
    public static ResponseStatus Settle(Operation operation, in WorkOutcome outcome, ResultWriter result)
    {
        if (outcome.Kind != WorkOutcomeKind.Ok)
            return Say(result, StatusOf(outcome.Kind), outcome.Message ?? "");

        if (result.IsTooLarge)
        {
            var text = $"the result of '{operation.Name}' has {result.Length} bytes: at most {ResultWriter.MaxResult} fit a response";
            return Say(result, ResponseStatus.Error, text);
        }

        if (result.Length == 0)
            result.Put("null"u8);
        else if (!operation.ResultIsJson && !IsOneJsonValue(result.Current))
            return Say(result, ResponseStatus.Error, $"the handler of '{operation.Name}' did not write one JSON value");

        return ResponseStatus.Ok;
    }

    /// <summary>Replaces the result by a text.</summary>
    /// <returns><paramref name="status"/>.</returns>
    public static ResponseStatus Say(ResultWriter result, ResponseStatus status, string text)
    {
        result.Discard();
        Utf8.FromUtf16(text, result.GetSpan(MaxText)[..MaxText], out _, out var written);
        result.Advance(written);
        return status;
    }

    private static ResponseStatus StatusOf(WorkOutcomeKind kind) => kind switch
    {
        WorkOutcomeKind.Ok => ResponseStatus.Ok,
        WorkOutcomeKind.Invalid => ResponseStatus.Invalid,
        WorkOutcomeKind.Rejected => ResponseStatus.Rejected,
        WorkOutcomeKind.Expired => ResponseStatus.Expired,
        _ => ResponseStatus.Error,
    };

    private static bool IsOneJsonValue(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            return false;

        var reader = new Utf8JsonReader(json, AnyDepth);
        try
        {
            while (reader.Read())
            {
                // Reads to the end, because a second value or half of one is an error.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
