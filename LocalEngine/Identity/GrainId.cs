namespace Orleans.Runtime;

/// <summary>Who a grain or an observer is, wherever it is: kind and key, written <c>kind/key</c>.</summary>
public readonly struct GrainId : IEquatable<GrainId>
{
    internal GrainId(string kind, string keyText)
    {
        Kind = kind;
        KeyText = keyText;
    }

    /// <summary>The key.</summary>
    public IdSpan Key => new(KeyText);

    internal string Kind { get; }

    internal string KeyText { get; }

    /// <summary>Whether they are the same.</summary>
    public static bool operator ==(GrainId left, GrainId right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(GrainId left, GrainId right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(GrainId other) =>
        string.Equals(KeyText, other.KeyText, StringComparison.Ordinal) && string.Equals(Kind, other.Kind, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GrainId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, KeyText);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}/{KeyText}";
}
