using System.Buffers;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Shortline.Hosting.Settings.Sources;

namespace Shortline.Hosting.Settings.Schema;

/// <summary>One key of the configuration, described by the attributes of its property.</summary>
internal sealed class SettingKey
{
    private static readonly SearchValues<char> WholeNumber = SearchValues.Create("+-0123456789");

    private readonly PropertyInfo _section;
    private readonly ValidationAttribute? _limit;
    private readonly TypeConverter _converter;

    // The names that the value may have; null if it is not one of a list.
    private readonly IReadOnlyCollection<string>? _choices;

    public SettingKey(PropertyInfo section, PropertyInfo property, IReadOnlyCollection<string> algorithms)
    {
        (_section, Property) = (section, property);
        (Section, Name) = (NameOf(section), NameOf(property));
        _converter = TypeDescriptor.GetConverter(property.PropertyType);
        _limit = property.GetCustomAttribute<ValidationAttribute>();
        _choices = _limit switch
        {
            AllowedValuesAttribute allowed => [.. allowed.Values.Cast<string>()],
            TextAttribute { Kind: TextKind.Algorithm } => algorithms,
            _ => null,
        };
        Allowed = _choices is not null ? $"one of {string.Join(", ", _choices)}" : _limit switch
        {
            RangeAttribute range => Describe(range, property.PropertyType),
            TextAttribute text => text.Allowed,
            _ => property.PropertyType.GetCustomAttribute<DescriptionAttribute>()?.Description
                ?? throw new InvalidOperationException($"{Path} has no attribute that limits its value."),
        };
    }

    /// <summary>The property that holds the value.</summary>
    public PropertyInfo Property { get; }

    public string Section { get; }

    public string Name { get; }

    /// <summary>The key as messages and docs/configuration.md name it: <c>server.count</c>.</summary>
    public string Path => $"{Section}.{Name}";

    /// <summary>The key as configuration providers name it: <c>server:count</c>.</summary>
    public string ProviderKey => $"{Section}{ConfigurationPath.KeyDelimiter}{Name}";

    /// <summary>What is allowed, as it reads after "key = value:".</summary>
    public string Allowed { get; }

    /// <summary>Whether the value must not appear in a message or log.</summary>
    public bool IsSecret => _limit is TextAttribute { IsSecret: true };

    /// <summary>The value in <paramref name="settings"/>.</summary>
    public object Get(ShortlineSettings settings) => Property.GetValue(_section.GetValue(settings))!;

    /// <summary>
    /// Checks a value and returns the text that the configuration binder reads: trimmed, and one of several names as the list spells it.
    /// </summary>
    /// <returns>Null if the value is not allowed.</returns>
    public string? Read(SettingEntry entry)
    {
        if (entry.Kind == EntryKind.Other || (entry.Kind == EntryKind.Number && _limit is TextAttribute { Kind: TextKind.Folder }))
            return null;
        var text = entry.Value.Trim();
        if (_choices is not null)
            return _choices.FirstOrDefault(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase));
        if (Property.PropertyType != typeof(double) && _limit is RangeAttribute && text.AsSpan().ContainsAnyExcept(WholeNumber))
            return null; // The converter reads 0x10 and #10 as 16.
        try
        {
            var value = _converter.ConvertFromInvariantString(text);
            return _limit is null || _limit.IsValid(value) ? text : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return null;
        }
    }

    private static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name
        ?? throw new InvalidOperationException($"{property.DeclaringType!.Name}.{property.Name} has no [ConfigurationKeyName].");

    private static string Describe(RangeAttribute range, Type type)
    {
        var kind = type == typeof(double) ? "a number" : "a whole number";
        return range.Maximum is int.MaxValue or double.MaxValue
            ? $"{kind}, at least {range.Minimum}"
            : $"{kind} from {range.Minimum} to {range.Maximum}";
    }
}
