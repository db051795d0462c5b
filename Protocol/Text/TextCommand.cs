namespace Shortline.Protocol.Text;

/// <summary>A parsed command of the text protocol. Its spans point into the received bytes.</summary>
public readonly ref struct TextCommand
{
    /// <summary>The kind of command.</summary>
    public TextCommandKind Kind { get; internal init; }

    /// <summary>The argument after the <c>%</c>; empty for commands without an argument.</summary>
    public ReadOnlySpan<byte> Argument { get; internal init; }

    /// <summary>The number of received bytes up to the end of the command, line ends before it included.</summary>
    public int Length { get; internal init; }
}
