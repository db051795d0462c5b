using System.Text.Unicode;
using Shortline.Protocol.Json;

namespace Shortline.Protocol.Responses;

/// <summary>Parses responses: one JSON object per datagram or line.</summary>
public static class ResponseParser
{
    /// <summary>
    /// Parses a response in place. Never throws and never allocates. Ignores unknown members; if a member occurs twice, the last one
    /// counts.
    /// </summary>
    /// <returns>
    /// Whether <paramref name="datagram"/> is a response: a JSON object with a known <c>status</c> and members of the right types.
    /// </returns>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out ResponseView response)
    {
        response = default;
        var scanner = new JsonScanner(datagram);
        if (!Utf8.IsValid(datagram) || !scanner.TryEnterObject())
            return false;

        var members = new ResponseMembers();
        var first = true;
        while (scanner.NextMember(ref first, out var name))
        {
            if (!scanner.TryValue(out var value, depth: 1))
                return false;
            if (value.Kind != JsonKind.Null && !members.Take(name.Content, value))
                return false;
        }

        if (!members.HasStatus || scanner.Fault != JsonFault.None || !scanner.AtEnd())
            return false;
        response = members.ToView();
        return true;
    }
}
