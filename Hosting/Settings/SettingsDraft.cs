namespace Shortline.Hosting;

/// <summary>Settings while they are read: the values so far, who gave them, and which of them are wrong.</summary>
internal sealed class SettingsDraft(SettingsTable table, List<SettingsFault> faults)
{
    private const string Default = "default";
    private const string Hidden = "(not shown)";

    private readonly Dictionary<SettingKey, string> _origins = [];
    private readonly HashSet<SettingKey> _wrong = [];

    public ShortlineSettings Settings { get; private set; } = new();

    public void Apply(SettingEntry entry)
    {
        var key = table.Find(entry.Path);
        if (key is null)
        {
            faults.Add(new SettingsFault(entry.Path, Shown(entry), table.DescribeUnknown(entry.Path), entry.Origin));
        }
        else if (key.Set(Settings, entry) is { } settings)
        {
            Settings = settings;
            _origins[key] = entry.Origin;
        }
        else
        {
            _wrong.Add(key);
            faults.Add(new SettingsFault(key.Path, Shown(key, entry.Value), key.Allowed, entry.Origin));
        }
    }

    /// <summary>The value of a whole-number key; null if it was given wrongly, so that no rule makes a second fault of it.</summary>
    public long? Number(string path)
    {
        var key = Key(path);
        return _wrong.Contains(key) ? null : Convert.ToInt64(key.Get(Settings));
    }

    /// <summary>Whether a key was given wrongly, so that no rule makes a second fault of it.</summary>
    public bool IsWrong(string path) => _wrong.Contains(Key(path));

    /// <summary>Adds the fault that <paramref name="path"/> contradicts <paramref name="other"/>.</summary>
    public void Contradiction(string path, string other, string allowed)
    {
        var (key, otherKey) = (Key(path), Key(other));
        var origin = $"{Origin(key)}; {other} = {Shown(otherKey, otherKey.Get(Settings).ToString())}: {Origin(otherKey)}";
        faults.Add(new SettingsFault(path, Shown(key, key.Get(Settings).ToString()), allowed, origin));
    }

    private SettingKey Key(string path) => table.Find(path) ?? throw new ArgumentException($"There is no key {path}.", nameof(path));

    private static string? Shown(SettingKey key, string? value) => key.IsSecret && value?.Length > 0 ? Hidden : value;

    // A slip of the hand in the name of a secret must not show it, nor must a connection string in another place.
    private string Shown(SettingEntry entry) =>
        table.IsNearSecret(entry.Path) || entry.Value.Contains('=', StringComparison.Ordinal) ? Hidden : entry.Value;

    private string Origin(SettingKey key) => _origins.GetValueOrDefault(key, Default);
}
