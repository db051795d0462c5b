using System.Collections;

namespace Shortline.Hosting;

/// <summary>The keys of one section, written as a table: name, how to get and to set it, what is allowed, what it means.</summary>
internal sealed class SectionKeys<TSection>(
    string section,
    Func<ShortlineSettings, TSection> getSection,
    Func<ShortlineSettings, TSection, ShortlineSettings> setSection) : IEnumerable<SettingKey>
{
    private readonly List<SettingKey> _keys = [];

    public void Add<T>(string name, Func<TSection, T> get, Func<TSection, T, TSection> set, ValueKind<T> kind, string meaning)
        where T : notnull =>
        _keys.Add(new Key<T>(
            section, name, meaning, kind, all => get(getSection(all)), (all, value) => setSection(all, set(getSection(all), value))));

    public IEnumerator<SettingKey> GetEnumerator() => _keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Key<T>(
        string section,
        string name,
        string meaning,
        ValueKind<T> kind,
        Func<ShortlineSettings, T> get,
        Func<ShortlineSettings, T, ShortlineSettings> set) : SettingKey(section, name, meaning)
        where T : notnull
    {
        public override string Allowed => kind.Allowed;

        public override string Documented => kind.Documented;

        public override bool IsSecret => kind.IsSecret;

        public override object Get(ShortlineSettings settings) => get(settings);

        public override ShortlineSettings? Set(ShortlineSettings settings, SettingEntry entry) =>
            kind.TryRead(entry, out var value) ? set(settings, value) : null;
    }
}
