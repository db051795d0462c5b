using System.Buffers;
using System.Text.Unicode;

namespace Shortline.Protocol;

/// <summary>Reads requests: JSON over UDP, one object a datagram.</summary>
public static class RequestParser
{
    /// <summary>The largest datagram, in bytes: what UDP over IPv4 carries.</summary>
    public const int MaxDatagram = 65_507;

    /// <summary>The longest id, in characters as they are written between the quotes.</summary>
    public const int MaxIdCharacters = 64;

    /// <summary>The longest id, in bytes of its raw token: characters of four bytes each, and the quotes.</summary>
    public const int MaxIdLength = (MaxIdCharacters * 4) + 2;

    /// <summary>The longest name of an operation.</summary>
    public const int MaxOperationLength = 64;

    private static readonly SearchValues<byte> OperationBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"u8);

    /// <summary>Reads a request in place. Never throws, never allocates; unknown members are passed over, null stands for "not given".</summary>
    /// <param name="datagram">What was received.</param>
    /// <param name="request">
    /// The request. On failure its id and client id are filled if they could be read, so that the answer can carry them.
    /// </param>
    /// <returns><see cref="InvalidReason.None"/>, or the first thing that is wrong.</returns>
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
                members.Id = default; // may be the very string that cannot be sent back
        }

        request = members.ToView();
        return reason;
    }

    /// <summary>Whether it is the name of an operation: 1 to 64 letters, digits, <c>_</c>, <c>.</c> or <c>-</c>.</summary>
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
