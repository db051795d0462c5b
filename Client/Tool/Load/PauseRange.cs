namespace Shortline.Client.Tool.Load;

/// <summary>How long a client pauses between two requests.</summary>
/// <param name="Shortest">The shortest pause, above 0.</param>
/// <param name="Longest">The longest one, at least as long.</param>
public sealed record PauseRange(TimeSpan Shortest, TimeSpan Longest)
{
    /// <summary>Draws a pause.</summary>
    internal TimeSpan Draw(Random random) => Shortest + random.NextDouble() * (Longest - Shortest);

    /// <summary>Returns the pause in seconds.</summary>
    public override string ToString() =>
        Shortest == Longest ? $"{Shortest.TotalSeconds:0.###} s" : $"{Shortest.TotalSeconds:0.###} to {Longest.TotalSeconds:0.###} s";
}
