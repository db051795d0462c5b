using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Shortline.Client.Tool;

/// <summary>Parses the values of the tool's options. Error messages say what is allowed.</summary>
internal static class OptionParsers
{
    /// <summary>Parses a number within a range.</summary>
    public static Func<ArgumentResult, T?> Number<T>(T min, T max)
        where T : struct, INumber<T> => result =>
    {
        if (T.TryParse(Text(result), CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        result.AddError($"'{Text(result)}' is not allowed for {result.Parent switch { OptionResult option => option.Option.Name, CommandResult => result.Argument.Name, _ => "this option" }}: a number from {min} to {max}.");
        return null;
    };

    /// <summary>Parses a positive number with a unit: <c>500ms</c>, <c>10s</c>, <c>2m</c>.</summary>
    public static TimeSpan? Duration(ArgumentResult result)
    {
        var text = Text(result);
        (string Unit, double Ms)[] units = [("ms", 1), ("s", 1000), ("m", 60_000)];
        foreach (var (unit, ms) in units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * ms is > 0 and <= 86_400_000)
            {
                return TimeSpan.FromMilliseconds(number * ms);
            }
        }

        result.AddError($"'{text}' is not a time: a number above 0 with its unit, such as 500ms, 10s or 2m; at most a day.");
        return null;
    }

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

    /// <summary>Parses gateways: <c>host:port</c>.</summary>
    public static IPEndPoint[]? Gateways(ArgumentResult result)
    {
        List<IPEndPoint> gateways = [];
        foreach (var token in result.Tokens)
        {
            if (Resolve(token.Value) is { } gateway)
                gateways.Add(gateway);
            else
                result.AddError($"'{token.Value}' is not a gateway: HOST:PORT, such as 127.0.0.1:54001.");
        }

        return [.. gateways];
    }

    private static IPEndPoint? Resolve(string text)
    {
        if (IPEndPoint.TryParse(text, out var endpoint))
            return endpoint.Port > 0 ? endpoint : null;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text[(colon + 1)..], CultureInfo.InvariantCulture, out var port) || port == 0)
            return null;
        try
        {
            var addresses = Dns.GetHostAddresses(text[..colon]);
            var address = Array.Find(addresses, a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses.FirstOrDefault();
            return address is null ? null : new IPEndPoint(address, port);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static string Text(ArgumentResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
}
