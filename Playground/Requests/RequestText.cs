using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Shortline.Playground;

/// <summary>Reads a request as a person types it: <c>directory</c>, <c>file NAME</c>, <c>compute SECONDS</c>, <c>echo TEXT</c>.</summary>
internal static class RequestText
{
    public const string Allowed = "directory [NAME], file NAME, compute SECONDS, echo TEXT";

    /// <summary>Much more than a person types, much less than a datagram holds.</summary>
    private const int Longest = 1000;

    private const double LongestSeconds = 60;

    /// <summary>The bytes of a file that are asked for: its size is told anyway.</summary>
    private const int FileLength = 64;

    /// <summary>Reads it, or says what is wrong.</summary>
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

    /// <summary>A JSON string. Half a character, as a key may give it, becomes the sign for what is unreadable.</summary>
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(Encoding.UTF8.GetBytes(text))}\"";
}
