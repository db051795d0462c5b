using System.Buffers;
using System.Text;

namespace Shortline.Protocol.Text;

/// <summary>
/// Parses the commands of the text protocol, which have no terminator. A word ends with its last letter, a number or an address before
/// the first byte that cannot belong to it, and a file name at the end of its line. Line ends between commands are optional.
/// </summary>
public static class TextCommandReader
{
    /// <summary>The maximum length of an argument, in bytes: a file name of 1024 characters.</summary>
    public const int MaxArgument = 4 * 1024;

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);
    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789."u8);
    private static readonly SearchValues<byte> DigitBytes = SearchValues.Create("0123456789"u8);

    private static readonly (byte[] Word, TextCommandKind Kind)[] Words =
    [
        ([.. "req_sv_loc"u8], TextCommandKind.Locate),
        ([.. "test_response_time"u8], TextCommandKind.TestResponseTime),
        ([.. "req_dir"u8], TextCommandKind.Directory),
        ([.. "req_file%"u8], TextCommandKind.File),
        ([.. "req_comp%"u8], TextCommandKind.Compute),
        ([.. "JOIN%"u8], TextCommandKind.Join),
        ([.. "DEAD%"u8], TextCommandKind.Dead),
    ];

    /// <summary>The word of a command, with its <c>%</c> if an argument follows.</summary>
    public static string WordOf(TextCommandKind kind) => Encoding.ASCII.GetString(Array.Find(Words, word => word.Kind == kind).Word ?? []);

    /// <summary>Parses the first command. Never throws and never allocates.</summary>
    /// <param name="received">The received bytes that were not consumed yet.</param>
    /// <param name="command">The command, if the result is <see cref="TextRead.Complete"/> or <see cref="TextRead.Open"/>.</param>
    public static TextRead Read(ReadOnlySpan<byte> received, out TextCommand command)
    {
        command = default;
        var start = received.IndexOfAnyExcept(LineEnds);
        if (start < 0)
            return TextRead.Incomplete;

        var text = received[start..];
        foreach (var (word, kind) in Words)
        {
            if (text.StartsWith(word))
                return ReadArgument(kind, text[word.Length..], start + word.Length, out command);
            if (word.AsSpan().StartsWith(text))
                return TextRead.Incomplete;
        }

        return TextRead.Unknown;
    }

    private static TextRead ReadArgument(TextCommandKind kind, ReadOnlySpan<byte> rest, int before, out TextCommand command)
    {
        var length = ArgumentLength(kind, rest);
        var isWhole = length < rest.Length || !TakesArgument(kind);
        command = new TextCommand { Kind = kind, Argument = rest[..length], Length = before + length };
        if (length > MaxArgument)
            return TextRead.Unknown;
        if (length == 0 && TakesArgument(kind))
            return isWhole ? TextRead.Unknown : TextRead.Incomplete;
        return isWhole ? TextRead.Complete : TextRead.Open;
    }

    private static bool TakesArgument(TextCommandKind kind) =>
        kind is TextCommandKind.File or TextCommandKind.Compute or TextCommandKind.Join or TextCommandKind.Dead;

    private static int ArgumentLength(TextCommandKind kind, ReadOnlySpan<byte> rest)
    {
        var end = kind switch
        {
            TextCommandKind.File => rest.IndexOfAny(LineEnds),
            TextCommandKind.Compute => rest.IndexOfAnyExcept(NumberBytes),
            TextCommandKind.Join => EndOfWeight(rest, EndOfAddress(rest)),
            TextCommandKind.Dead => EndOfAddress(rest),
            _ => 0,
        };
        return end < 0 ? rest.Length : end;
    }

    /// <summary>The end of <c>%weight</c> if that follows the address; -1 if it may, or if more digits may.</summary>
    private static int EndOfWeight(ReadOnlySpan<byte> rest, int address)
    {
        if (address < 0 || address == rest.Length || rest[address] != '%')
            return address;
        var digits = rest[(address + 1)..].IndexOfAnyExcept(DigitBytes);
        return digits < 0 ? -1 : address + 1 + digits;
    }

    /// <summary>The end of <c>host:port</c>, where the host is any text without line ends; -1 if more digits may follow.</summary>
    private static int EndOfAddress(ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAny(LineEnds);
        var line = end < 0 ? rest : rest[..end];
        var colon = line.IndexOf("]:"u8) is var bracket and >= 0 ? bracket + 1 : line.IndexOf((byte)':');
        var digits = colon < 0 ? -1 : line[(colon + 1)..].IndexOfAnyExcept(DigitBytes);
        return digits > 0 ? colon + 1 + digits : end;
    }
}

/// <summary>The result of <see cref="TextCommandReader.Read"/>.</summary>
public enum TextRead
{
    /// <summary>The command is incomplete.</summary>
    Incomplete,

    /// <summary>The command is complete.</summary>
    Complete,

    /// <summary>The command is complete unless more of its argument follows. Only the end of the input, or a pause, tells.</summary>
    Open,

    /// <summary>The input is not a command.</summary>
    Unknown,
}
