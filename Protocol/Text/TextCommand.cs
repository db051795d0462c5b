namespace Shortline.Protocol;

/// <summary>A command as it lies in what was received.</summary>
public readonly ref struct TextCommand
{
    /// <summary>What it asks for.</summary>
    public TextCommandKind Kind { get; internal init; }

    /// <summary>What stands behind the <c>%</c>; empty for commands without.</summary>
    public ReadOnlySpan<byte> Argument { get; internal init; }

    /// <summary>Bytes up to its end, with what separates it from the next one.</summary>
    public int Length { get; internal init; }
}
