using Microsoft.Extensions.Configuration;
using Shortline.Hosting.Settings.Schema;
using Shortline.Hosting.Text;

namespace Shortline.Hosting.Settings.Sources;

/// <summary>How a value was written.</summary>
internal enum EntryKind
{
    /// <summary>Text: a JSON string, an environment variable, a word of the command line.</summary>
    Text,

    /// <summary>A JSON number.</summary>
    Number,

    /// <summary>Another JSON value, which no key allows.</summary>
    Other,
}

/// <summary>A value that a source gives for a key.</summary>
/// <param name="Path">The key as the source spells it: <c>section.name</c>.</param>
/// <param name="Value">The value as text.</param>
/// <param name="Kind">How the value was written.</param>
/// <param name="Origin">Where the value was written, for messages.</param>
internal readonly record struct SettingEntry(string Path, string Value, EntryKind Kind, string Origin);

/// <summary>
/// The configuration provider of one source: a file, the environment, the command line. Beside the values it keeps what the framework's
/// own providers lose and messages need: where each value was written, how, and what could not be read.
/// </summary>
internal sealed class SettingsProvider : ConfigurationProvider, IConfigurationSource
{
    public List<SettingEntry> Entries { get; } = [];

    /// <summary>What is wrong with the source itself.</summary>
    public List<string> Faults { get; } = [];

    public void Add(string path, string value, string origin, EntryKind kind = EntryKind.Text) => Entries.Add(new SettingEntry(path, value, kind, origin));

    public void AddFault(string place, string problem) => Faults.Add($"{SafeText.Of(place, 300)}: {SafeText.Of(problem, 1000)}");

    /// <summary>Whether there is a value for a path already, in any case.</summary>
    public bool Has(string path) => Find(path) is not null;

    /// <summary>The first value for a path, in any case; null if there is none.</summary>
    public SettingEntry? Find(string path) => Entries.FindIndex(entry => IsFor(entry, path)) is var at and >= 0 ? Entries[at] : null;

    /// <summary>Where the value of a key was written.</summary>
    public string OriginOf(SettingKey key) => Entries.FindLast(entry => IsFor(entry, key.Path)).Origin;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    private static bool IsFor(SettingEntry entry, string path) => string.Equals(entry.Path, path, StringComparison.OrdinalIgnoreCase);
}
