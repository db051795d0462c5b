using System.Text.Unicode;
using Shortline.Protocol.Json;

namespace Shortline.Protocol.Responses;

/// <summary>Says why a response cannot be used, for the author of the server that sent it.</summary>
public static class ResponseFault
{
    /// <summary>Returns the reason for which <see cref="ResponseParser"/> refuses it, or its id is none of Shortline's.</summary>
    public static string Of(ReadOnlySpan<byte> datagram)
    {
        if (datagram.IsEmpty)
            return "it is empty";
        if (!Utf8.IsValid(datagram))
            return "it is not UTF-8";
        var scanner = new JsonScanner(datagram);
        if (!scanner.TryEnterObject())
            return "it is not a JSON object";

        var members = new ResponseMembers();
        var first = true;
        while (scanner.NextMember(ref first, out var name))
        {
            if (!scanner.TryValue(out var value, depth: 1))
                return "it is not JSON";
            if (value.Kind != JsonKind.Null && !members.Take(name.Content, value))
                return $"its '{JsonText.ToText(name.Content)}' has a wrong type or value";
        }

        if (scanner.Fault != JsonFault.None || !scanner.AtEnd())
            return "it is not JSON, or text follows the object";
        return members.HasStatus ? "it has no 'id', or not that of a request" : "it has no 'status'";
    }
}
