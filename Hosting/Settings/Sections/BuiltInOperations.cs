using System.Collections.Immutable;
using System.ComponentModel;

namespace Shortline.Hosting.Settings.Sections;

/// <summary>The built-in operations that servers offer (<c>server.operations</c>).</summary>
[Description("names out of echo, compute, hash, directory and file, with commas between them, or empty for none")]
[TypeConverter(typeof(TextValueConverter<BuiltInOperations>))]
public sealed record BuiltInOperations : ITextValue<BuiltInOperations>
{
    private readonly ImmutableArray<string> _offered;

    private BuiltInOperations(ImmutableArray<string> offered) => _offered = offered;

    /// <summary>The names of all built-in operations.</summary>
    public static ImmutableArray<string> Names { get; } = ["echo", "compute", "hash", "directory", "file"];

    /// <summary>All of them.</summary>
    public static BuiltInOperations All { get; } = new(Names);

    /// <summary>Reads names in any case with commas between them. An empty text is an empty list.</summary>
    /// <returns>Null if a name is not that of a built-in operation, or occurs twice.</returns>
    public static BuiltInOperations? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Trim().Length == 0)
            return new([]);
        var names = text.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries);
        return names.Except(Names, StringComparer.Ordinal).Any() || names.Distinct(StringComparer.Ordinal).Count() < names.Length
            ? null
            : new([.. names]);
    }

    /// <summary>Whether a built-in operation is offered.</summary>
    public bool Offers(string operation) => _offered.Contains(operation, StringComparer.Ordinal);

    /// <inheritdoc/>
    public bool Equals(BuiltInOperations? other) => other is not null && _offered.SequenceEqual(other._offered);

    /// <inheritdoc/>
    public override int GetHashCode() => _offered.Length;

    /// <summary>The names as <see cref="TryParse"/> reads them.</summary>
    public override string ToString() => string.Join(',', _offered);
}
