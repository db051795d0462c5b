namespace Orleans.Runtime;

/// <summary>The key of a grain.</summary>
public readonly struct IdSpan
{
    private readonly string _text;

    internal IdSpan(string text) => _text = text;

    /// <summary>As it was given.</summary>
    public override string ToString() => _text;
}
