using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Shortline.Hosting.Settings.Schema;
using Shortline.Hosting.Settings.Sources;
using Shortline.Hosting.Text;

namespace Shortline.Hosting.Settings;

/// <summary>
/// Checks every value of every source by itself, also values that a stronger source overrides, and binds the allowed ones to the settings.
/// For the rules between settings it knows where each value comes from.
/// </summary>
internal sealed class SettingsInput : IConfigureOptions<ShortlineSettings>, IValidateOptions<ShortlineSettings>
{
    private const string Hidden = "(not shown)";
    private const int LongestValue = 80;

    private readonly SettingsSchema _schema;
    private readonly IConfigurationRoot _configuration;
    private readonly List<string> _faults;
    private readonly HashSet<SettingKey> _wrong = [];

    /// <summary>Checks the values.</summary>
    /// <param name="schema">The keys that exist.</param>
    /// <param name="providers">The sources, the weakest first.</param>
    public SettingsInput(SettingsSchema schema, SettingsProvider[] providers)
    {
        _schema = schema;
        _faults = [.. providers.SelectMany(provider => provider.Faults)];
        var builder = new ConfigurationBuilder();
        foreach (var provider in providers)
        {
            builder.Add(provider);
            foreach (var entry in provider.Entries)
                Check(provider, entry);
        }

        _configuration = builder.Build();
    }

    public void Configure(ShortlineSettings options) => _configuration.Bind(options);

    public ValidateOptionsResult Validate(string? name, ShortlineSettings options) =>
        _faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_faults);

    /// <summary>
    /// Whether a source gives a value that is not allowed for a key. Rules skip such keys, so that nothing is reported twice.
    /// </summary>
    public bool IsWrong(string path) => _wrong.Contains(Key(path));

    /// <summary>The value of a whole-number key; null if <see cref="IsWrong"/>.</summary>
    public long? Number(ShortlineSettings settings, string path) => IsWrong(path) ? null : Convert.ToInt64(Key(path).Get(settings));

    /// <summary>Describes that the value of <paramref name="path"/> contradicts the value of <paramref name="other"/>.</summary>
    public string Contradiction(ShortlineSettings settings, string path, string other, string allowed)
    {
        var (key, otherKey) = (Key(path), Key(other));
        return Describe(path, Shown(key), allowed, $"{OriginOf(key)}; {other} = {Shown(otherKey)}: {OriginOf(otherKey)}");

        string Shown(SettingKey key)
        {
            var value = $"{key.Get(settings)}";
            return key.IsSecret && value.Length > 0 ? Hidden : value;
        }
    }

    private void Check(SettingsProvider provider, SettingEntry entry)
    {
        var key = _schema.Find(entry.Path);
        if (key is null)
        {
            // A misspelt secret must not be shown, nor a connection string under another key.
            var isSecret = _schema.IsNearSecret(entry.Path) || entry.Value.Contains('=', StringComparison.Ordinal);
            _faults.Add(Describe(entry.Path, isSecret ? Hidden : entry.Value, _schema.DescribeUnknown(entry.Path), entry.Origin));
        }
        else if (key.Read(entry) is { } text)
        {
            provider.Set(key.ProviderKey, text);
        }
        else
        {
            _wrong.Add(key);
            _faults.Add(Describe(key.Path, key.IsSecret && entry.Value.Length > 0 ? Hidden : entry.Value, key.Allowed, entry.Origin));
        }
    }

    private SettingKey Key(string path) => _schema.Find(path) ?? throw new ArgumentException($"There is no key {path}.", nameof(path));

    private string OriginOf(SettingKey key) =>
        _configuration.Providers.Reverse().FirstOrDefault(provider => provider.TryGet(key.ProviderKey, out _)) is SettingsProvider provider
            ? provider.OriginOf(key)
            : "default";

    private static string Describe(string path, string value, string allowed, string origin) =>
        $"{SafeText.Of(path, LongestValue)} = {SafeText.Of(value, LongestValue)}: {allowed} ({SafeText.Of(origin, LongestValue)})";
}
