using System.Buffers;

namespace Shortline.Protocol;

/// <summary>
/// Reads the commands of the text protocol, which have no end of their own: a word is whole with its last letter, a number or an address with the first byte
/// that cannot belong to it, a file's name with its line. Commands may follow each other with or without line ends between them.
/// </summary>
public static class TextCommandReader
{
    /// <summary>The longest argument, in bytes: a name of 1024 characters.</summary>
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

    /// <summary>Reads the first command. Never throws, never allocates.</summary>
    /// <param name="received">What was received and not taken yet.</param>
    /// <param name="command">The command, if it is <see cref="TextRead.Complete"/> or <see cref="TextRead.Open"/>.</param>
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
            TextCommandKind.Join or TextCommandKind.Dead => EndOfAddress(rest),
            _ => 0,
        };
        return end < 0 ? rest.Length : end;
    }

    /// <summary>A host of any bytes but line ends, and behind its last colon before the digits of a port; -1 if it may go on.</summary>
    private static int EndOfAddress(ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAny(LineEnds);
        var line = end < 0 ? rest : rest[..end];
        var colon = line.IndexOf("]:"u8) is var bracket and >= 0 ? bracket + 1 : line.IndexOf((byte)':');
        var digits = colon < 0 ? -1 : line[(colon + 1)..].IndexOfAnyExcept(DigitBytes);
        return digits > 0 ? colon + 1 + digits : end;
    }
}

/// <summary>What <see cref="TextCommandReader"/> found.</summary>
public enum TextRead
{
    /// <summary>Not all of a command is there yet.</summary>
    Incomplete,

    /// <summary>A command that ends where nothing could belong to it any more.</summary>
    Complete,

    /// <summary>A whole command, unless its argument goes on: nothing says where that ends but the end of the input, or its staying away.</summary>
    Open,

    /// <summary>No command begins like this.</summary>
    Unknown,
}
