namespace Shortline.Playground.Screen;

/// <summary>The size and abilities of the terminal.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Lines.</param>
/// <param name="Unicode">Whether the terminal can show blocks and arrows; if not, ASCII is used.</param>
internal readonly record struct ScreenSize(int Width, int Height, bool Unicode)
{
    // A smaller terminal has no room for the essential lines. Lines longer than the widest are hard to read.
    public const int Narrowest = 60;
    private const int Widest = 140;
    public const int Lowest = 20;

    /// <summary>Whether the essential lines do not fit.</summary>
    public bool IsTooSmall => Width < Narrowest || Height < Lowest;

    /// <summary>The columns in use. The last one stays free, because some terminals break the line there.</summary>
    public int Columns => Math.Clamp(Width, Narrowest, Widest) - 1;

    /// <summary>The lines in use.</summary>
    public int Lines => Math.Max(Height, Lowest) - 1;
}
