namespace Shortline.Hosting;

/// <summary>Every key there is, by name and in the order of the page for users.</summary>
internal sealed class SettingsTable
{
    private readonly Dictionary<string, SettingKey> _byPath;

    public SettingsTable(IReadOnlyCollection<string> algorithms)
    {
        Keys = [.. ServerKeys.All, .. ClientKeys.All, .. LoadBalancerKeys.All(algorithms), .. ControllerKeys.All, .. ClusterKeys.All, .. LogKeys.All];
        Sections = [.. Keys.Select(key => key.Section).Distinct(StringComparer.Ordinal)];
        _byPath = Keys.ToDictionary(key => key.Path, StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<SettingKey> Keys { get; }

    public IReadOnlyList<string> Sections { get; }

    /// <summary>The key of that path in any case, or null.</summary>
    public SettingKey? Find(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>Whether an unknown key may have been meant to be a secret.</summary>
    public bool IsNearSecret(string path)
    {
        var name = path[(path.LastIndexOf('.') + 1)..];
        return Keys.Any(key => key.IsSecret && (NearestName.Of(name, [key.Name]) ?? NearestName.Of(path, [key.Path])) is not null);
    }

    /// <summary>Why there is no such key, and what was probably meant.</summary>
    public string DescribeUnknown(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var (section, name) = dot < 0 ? (path, "") : (path[..dot], path[(dot + 1)..]);
        var known = Sections.FirstOrDefault(candidate => string.Equals(candidate, section, StringComparison.OrdinalIgnoreCase));
        if (known is null)
        {
            return NearestName.Of(section, Sections) is { } nearSection
                ? $"unknown section; did you mean {nearSection}?"
                : $"unknown section; there are {string.Join(", ", Sections)}";
        }

        if (name.Length == 0)
            return "a section, which takes keys and no value of its own";
        return NearestName.Of(name, Keys.Where(key => key.Section == known).Select(key => key.Name)) is { } nearName
            ? $"unknown key; did you mean {nearName}?"
            : ElsewhereOrUnknown(known, name);
    }

    private string ElsewhereOrUnknown(string section, string name) =>
        Keys.FirstOrDefault(key => string.Equals(key.Name, name, StringComparison.OrdinalIgnoreCase)) is { } elsewhere
            ? $"unknown key; did you mean {elsewhere.Path}?"
            : $"unknown key; {section} has {string.Join(", ", Keys.Where(key => key.Section == section).Select(key => key.Name))}";
}
