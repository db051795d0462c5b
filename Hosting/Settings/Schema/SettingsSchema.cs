using System.Reflection;
using Shortline.Hosting.Text;

namespace Shortline.Hosting.Settings.Schema;

/// <summary>All keys of the configuration, read from the properties of <see cref="ShortlineSettings"/>, in their order.</summary>
internal sealed class SettingsSchema
{
    private readonly string[] _sections;
    private readonly Dictionary<string, SettingKey> _byPath;

    /// <summary>Reads the attributes.</summary>
    /// <param name="algorithms">The names that <c>load_balancer.algorithm</c> may have.</param>
    public SettingsSchema(IReadOnlyCollection<string> algorithms)
    {
        Keys =
        [
            .. from section in PropertiesOf(typeof(ShortlineSettings))
               from property in PropertiesOf(section.PropertyType)
               select new SettingKey(section, property, algorithms),
        ];
        _sections = [.. Keys.Select(key => key.Section).Distinct(StringComparer.Ordinal)];
        _byPath = Keys.ToDictionary(key => key.Path, StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<SettingKey> Keys { get; }

    /// <summary>The key of a path such as <c>server.count</c>, in any case; null if there is none.</summary>
    public SettingKey? Find(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>Whether an unknown key may be a misspelt secret.</summary>
    public bool IsNearSecret(string path)
    {
        var name = path[(path.LastIndexOf('.') + 1)..];
        return Keys.Any(key => key.IsSecret && (NearestName.Of(name, [key.Name]) ?? NearestName.Of(path, [key.Path])) is not null);
    }

    /// <summary>Says that a key is unknown, and which key was probably meant.</summary>
    public string DescribeUnknown(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var (section, name) = dot < 0 ? (path, "") : (path[..dot], path[(dot + 1)..]);
        SettingKey[] siblings = [.. Keys.Where(key => string.Equals(key.Section, section, StringComparison.OrdinalIgnoreCase))];
        if (siblings.Length == 0)
        {
            return NearestName.Of(section, _sections) is { } nearSection
                ? $"unknown section; did you mean {nearSection}?"
                : $"unknown section; the sections are {string.Join(", ", _sections)}";
        }

        if (name.Length == 0)
            return "a section, which has keys but no value of its own";
        if (NearestName.Of(name, siblings.Select(key => key.Name)) is { } nearName)
            return $"unknown key; did you mean {nearName}?";
        return Keys.FirstOrDefault(key => string.Equals(key.Name, name, StringComparison.OrdinalIgnoreCase)) is { } elsewhere
            ? $"unknown key; did you mean {elsewhere.Path}?"
            : $"unknown key; the keys of {siblings[0].Section} are {string.Join(", ", siblings.Select(key => key.Name))}";
    }

    private static PropertyInfo[] PropertiesOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
}
