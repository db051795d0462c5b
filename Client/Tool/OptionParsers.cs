using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Shortline.Client.Tool.Load;
using Shortline.Hosting.Text;

namespace Shortline.Client.Tool;

/// <summary>Parses the values of the tool's options. Error messages say what is allowed.</summary>
internal static class OptionParsers
{
    /// <summary>Checks a JSON value and returns it as it was written.</summary>
    public static byte[]? Json(ArgumentResult result)
    {
        var bytes = Encoding.UTF8.GetBytes(Text(result));
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return bytes;
        }
        catch (JsonException exception)
        {
            result.AddError($"'{Text(result)}' is not JSON: {exception.Message} Quote it for the shell: --payload '{{\"seconds\":0.05}}'.");
            return null;
        }
    }

    /// <summary>Parses a pause, or the shortest and the longest one: <c>5s</c>, <c>1s..10s</c>.</summary>
    public static PauseRange? Pause(ArgumentResult result)
    {
        var ends = Text(result).Split("..");
        if (ends.Length <= 2 && DurationText.TryRead(ends[0], out var shortest) && DurationText.TryRead(ends[^1], out var longest) && shortest <= longest)
            return new PauseRange(shortest, longest);
        result.AddError($"'{Text(result)}' is not allowed for --pause: {DurationText.Allowed}, or two of them, such as 1s..10s.");
        return null;
    }

    /// <summary>Parses gateways: <c>host:port</c>.</summary>
    public static IPEndPoint[]? Gateways(ArgumentResult result)
    {
        List<IPEndPoint> gateways = [];
        foreach (var token in result.Tokens)
        {
            if (Resolve(token.Value, out var fault) is { } gateway)
                gateways.Add(gateway);
            else
                result.AddError(fault);
        }

        return [.. gateways];
    }

    private static IPEndPoint? Resolve(string text, out string fault)
    {
        fault = $"'{text}' is not a gateway: HOST:PORT, such as 127.0.0.1:54001.";
        if (PlainAddress.TryParse(text, out IPEndPoint? endpoint))
            return endpoint;
        var colon = text.LastIndexOf(':');
        if (colon <= 0
            || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0
            || Uri.CheckHostName(text[..colon]) != UriHostNameType.Dns || EndsInNumber(text[..colon]))
        {
            return null;
        }

        try
        {
            var addresses = Dns.GetHostAddresses(text[..colon]);
            var address = Array.Find(addresses, a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses.FirstOrDefault();
            if (address is not null)
                return new IPEndPoint(address, port);
            fault = $"'{text}': the host has no address.";
        }
        catch (SocketException failure)
        {
            fault = $"'{text}': the name of the host cannot be resolved ({failure.Message}).";
        }

        return null;
    }

    /// <summary>
    /// Whether the last part of a name is a number, so that resolvers take the name for an address in an old notation (WHATWG URL, "ends in a
    /// number"): 127.1 is 127.0.0.1 there.
    /// </summary>
    private static bool EndsInNumber(string host)
    {
        var last = host.TrimEnd('.')[(host.TrimEnd('.').LastIndexOf('.') + 1)..];
        return last.All(char.IsAsciiDigit) || (last.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && last[2..].All(char.IsAsciiHexDigit));
    }

    private static string Text(ArgumentResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
}
