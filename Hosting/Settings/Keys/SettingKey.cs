namespace Shortline.Hosting;

/// <summary>One key of the configuration: drives reading, checking and the page for users.</summary>
internal abstract class SettingKey(string section, string name, string meaning)
{
    public string Section { get; } = section;

    public string Name { get; } = name;

    /// <summary>As messages name it: <c>server.count</c>.</summary>
    public string Path { get; } = $"{section}.{name}";

    /// <summary>What it means, with its unit; one sentence or two.</summary>
    public string Meaning { get; } = meaning;

    /// <summary>What is allowed, as a fault says it.</summary>
    public abstract string Allowed { get; }

    /// <summary>What is allowed, as the page for users says it.</summary>
    public abstract string Documented { get; }

    /// <summary>Whether its values are nobody's business: they are shown nowhere.</summary>
    public abstract bool IsSecret { get; }

    /// <summary>The value in <paramref name="settings"/>.</summary>
    public abstract object Get(ShortlineSettings settings);

    /// <summary>The settings with this one as the entry says; null if the entry is not allowed.</summary>
    public abstract ShortlineSettings? Set(ShortlineSettings settings, SettingEntry entry);
}
