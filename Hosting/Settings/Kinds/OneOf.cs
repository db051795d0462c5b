using System.Diagnostics.CodeAnalysis;

namespace Shortline.Hosting;

/// <summary>One of some names, in any case; read as the name is written in the list.</summary>
internal sealed class OneOf(IReadOnlyCollection<string> names, string? documented = null) : ValueKind<string>
{
    public override string Allowed { get; } = $"one of {string.Join(", ", names)}";

    public override string Documented => documented ?? Allowed;

    public override bool TryRead(SettingEntry entry, [MaybeNullWhen(false)] out string value)
    {
        var written = entry.Value.Trim();
        value = entry.Kind == EntryKind.Text
            ? names.FirstOrDefault(name => string.Equals(name, written, StringComparison.OrdinalIgnoreCase))
            : null;
        return value is not null;
    }
}
