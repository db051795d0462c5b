using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Shortline.Playground.Clients;

/// <summary>Parses a request as a person types it: <c>directory</c>, <c>file NAME</c>, <c>compute SECONDS</c>, <c>echo TEXT</c>.</summary>
internal static class RequestText
{
    public const string Allowed = "directory [NAME], file NAME, compute SECONDS, echo TEXT";

    /// <summary>Much more than a person types, much less than a datagram holds.</summary>
    private const int Longest = 1000;

    private const double LongestSeconds = 60;

    /// <summary>The number of bytes requested of a file. The answer has the size of the file in any case.</summary>
    private const int FileLength = 64;

    /// <summary>Parses a request.</summary>
    /// <returns>The request; null if <paramref name="fault"/> says what is wrong.</returns>
    public static PlayRequest? Read(string text, out string fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        var (operation, rest) = text.IndexOf(' ', StringComparison.Ordinal) is var space and > 0 ? (text[..space], text[space..].Trim()) : (text, "");
        fault = "";
        if (text.Length > Longest)
            fault = $"At most {Longest} characters.";
        else
        {
            switch (operation)
            {
                case "directory":
                    return Of(operation, rest.Length == 0 ? "{}" : $$"""{"name":{{Quoted(rest)}}}""");
                case "file" when rest.Length > 0:
                    return Of(operation, $$"""{"name":{{Quoted(rest)}},"offset":0,"length":{{FileLength}}}""");
                case "compute" when double.TryParse(rest, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= LongestSeconds:
                    return Of(operation, $$"""{"seconds":{{seconds:0.######}}}""");
                case "compute":
                    fault = $"compute SECONDS: a number from 0 to {LongestSeconds}";
                    break;
                case "echo":
                    return Of(operation, Quoted(rest));
                default:
                    fault = $"There is: {Allowed}";
                    break;
            }
        }

        return null;

        PlayRequest Of(string name, string payload) => new(name, Encoding.UTF8.GetBytes(payload), text);
    }

    /// <summary>A JSON string. Half a surrogate pair, which a key may deliver, becomes the replacement character.</summary>
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(Encoding.UTF8.GetBytes(text))}\"";
}

/// <summary>A request of a client.</summary>
/// <param name="Operation">Its operation.</param>
/// <param name="Payload">A JSON value, or empty.</param>
/// <param name="Text">The text that the screen shows: <c>compute 0.016</c>.</param>
internal sealed record PlayRequest(string Operation, ReadOnlyMemory<byte> Payload, string Text);
