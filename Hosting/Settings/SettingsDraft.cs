namespace Shortline.Hosting;

/// <summary>Settings while they are read: the values so far, who gave them, and which of them are wrong.</summary>
internal sealed class SettingsDraft(SettingsTable table, List<SettingsFault> faults)
{
    private const string Default = "default";

    private readonly Dictionary<SettingKey, string> _origins = [];
    private readonly HashSet<SettingKey> _wrong = [];

    public ShortlineSettings Settings { get; private set; } = new();

    public void Apply(SettingEntry entry)
    {
        var key = table.Find(entry.Path);
        if (key is null)
        {
            faults.Add(new SettingsFault(entry.Path, entry.Value, table.DescribeUnknown(entry.Path), entry.Origin));
        }
        else if (key.Set(Settings, entry) is { } settings)
        {
            Settings = settings;
            _origins[key] = entry.Origin;
        }
        else
        {
            _wrong.Add(key);
            faults.Add(new SettingsFault(key.Path, entry.Value, key.Allowed, entry.Origin));
        }
    }

    /// <summary>The value of a whole-number key; null if it was given wrongly, so that no rule makes a second fault of it.</summary>
    public long? Number(string path)
    {
        var key = Key(path);
        return _wrong.Contains(key) ? null : Convert.ToInt64(key.Get(Settings));
    }

    /// <summary>Adds the fault that <paramref name="path"/> contradicts <paramref name="other"/>.</summary>
    public void Contradiction(string path, string other, string allowed)
    {
        var (key, otherKey) = (Key(path), Key(other));
        var origin = $"{Origin(key)}; {other} = {otherKey.Get(Settings)}: {Origin(otherKey)}";
        faults.Add(new SettingsFault(path, key.Get(Settings).ToString(), allowed, origin));
    }

    private SettingKey Key(string path) => table.Find(path) ?? throw new ArgumentException($"There is no key {path}.", nameof(path));

    private string Origin(SettingKey key) => _origins.GetValueOrDefault(key, Default);
}
