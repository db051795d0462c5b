using System.Buffers;
using System.Text.Unicode;
using Shortline.Protocol.Json;

namespace Shortline.Protocol.Requests;

/// <summary>Parses requests: one JSON object per datagram or line.</summary>
public static class RequestParser
{
    /// <summary>The maximum length of a request, in bytes: the largest datagram of UDP over IPv4.</summary>
    public const int MaxDatagram = 65_507;

    /// <summary>The maximum length of an id, in characters as written between the quotes.</summary>
    public const int MaxIdCharacters = 64;

    /// <summary>The maximum length of an id, in bytes of its raw token: four bytes per character, and the quotes.</summary>
    public const int MaxIdLength = (MaxIdCharacters * 4) + 2;

    /// <summary>The maximum length of the name of an operation, in bytes.</summary>
    public const int MaxOperationLength = 64;

    /// <summary>The priority of a request that names none.</summary>
    public const int UsualPriority = 5;

    /// <summary>The highest priority; the lowest is 0.</summary>
    public const int HighestPriority = 9;

    private static readonly SearchValues<byte> OperationBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"u8);

    /// <summary>Parses a request in place. Never throws and never allocates. Ignores unknown members; null means "not given".</summary>
    /// <param name="datagram">The received datagram or line.</param>
    /// <param name="request">
    /// The parsed request. On failure it contains the id and the client id if they could be read, because the answer includes them.
    /// </param>
    /// <returns><see cref="InvalidReason.None"/>, or the first fault.</returns>
    public static InvalidReason Parse(ReadOnlySpan<byte> datagram, out RequestView request)
    {
        request = default;
        if (datagram.Length > MaxDatagram)
            return InvalidReason.TooLarge;
        if (!Utf8.IsValid(datagram))
            return InvalidReason.NotUtf8;

        var scanner = new JsonScanner(datagram);
        if (!scanner.TryEnterObject())
            return WhyNoObject(datagram);

        var members = new RequestMembers();
        var reason = members.Read(ref scanner);
        if (reason == InvalidReason.None && datagram.Contains((byte)'\\') && JsonText.HasLoneSurrogate(datagram))
        {
            reason = InvalidReason.LoneSurrogate;
            if (members.Id.Contains((byte)'\\'))
                members.Id = default; // the invalid string may be the id, which then cannot be sent back
        }

        request = members.ToView();
        return reason;
    }

    /// <summary>
    /// Whether <paramref name="name"/> is a valid name of an operation: 1 to 64 letters, digits, <c>_</c>, <c>.</c> or <c>-</c>.
    /// </summary>
    public static bool IsOperation(ReadOnlySpan<byte> name) =>
        name.Length is >= 1 and <= MaxOperationLength && !name.ContainsAnyExcept(OperationBytes);

    private static InvalidReason WhyNoObject(ReadOnlySpan<byte> datagram)
    {
        if (datagram.StartsWith("\ufeff"u8))
            return InvalidReason.ByteOrderMark;
        var scanner = new JsonScanner(datagram);
        if (scanner.AtEnd())
            return InvalidReason.Empty;
        if (scanner.TryValue(out _, depth: 0) && scanner.AtEnd())
            return InvalidReason.NotAnObject;
        return scanner.Fault == JsonFault.TooDeep ? InvalidReason.TooDeep : InvalidReason.NotJson;
    }
}
