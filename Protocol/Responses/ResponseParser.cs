using System.Text.Unicode;

namespace Shortline.Protocol;

/// <summary>Reads responses: JSON over UDP, one object a datagram.</summary>
public static class ResponseParser
{
    /// <summary>
    /// Reads a response in place. Never throws, never allocates. Unknown members are passed over; of one that comes twice the last counts.
    /// </summary>
    /// <returns>Whether it is a response: a JSON object with a known <c>status</c> and members of the right types.</returns>
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
