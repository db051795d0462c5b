namespace Shortline.Playground;

/// <summary>The terminal.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Lines.</param>
/// <param name="Unicode">Whether it shows blocks and arrows; if not, plain letters do.</param>
internal readonly record struct ScreenSize(int Width, int Height, bool Unicode)
{
    // Below that there is no room for what matters; above, long lines are harder to read, not easier.
    public const int Narrowest = 60;
    private const int Widest = 140;
    public const int Lowest = 20;

    /// <summary>Whether there is no room for what matters.</summary>
    public bool IsTooSmall => Width < Narrowest || Height < Lowest;

    /// <summary>Columns that are drawn into. The last one stays free: some terminals break the line there.</summary>
    public int Columns => Math.Clamp(Width, Narrowest, Widest) - 1;

    /// <summary>Lines that are drawn into.</summary>
    public int Lines => Math.Max(Height, Lowest) - 1;
}
