using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sources;

namespace Shortline.Unit.Tests.Hosting.Settings;

/// <summary>Reads settings from a temporary folder.</summary>
internal sealed class Reading : IDisposable
{
    public static readonly string[] Algorithms = ["shortest_queue", "round_robin"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shortline-settings-");

    public string Folder => _folder.FullName;

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> ProgramDefaults { get; } = new(StringComparer.Ordinal);

    public Reading File(string json, string name = "config.json")
    {
        System.IO.File.WriteAllText(Path.Combine(Folder, name), json);
        return this;
    }

    public Reading Variable(string name, string value)
    {
        Environment[name] = value;
        return this;
    }

    public SettingsResult Read(params string[] arguments) => ReadFile(null, arguments);

    public SettingsResult ReadFile(string? configFile, params string[] arguments) => SettingsReader.Read(new SettingsSources
    {
        WorkingDirectory = Folder,
        ConfigFile = configFile,
        ProgramDefaults = ProgramDefaults,
        Environment = Environment,
        Arguments = SettingsArguments.Split(arguments),
        KnownAlgorithms = Algorithms,
    });

    public void Dispose() => _folder.Delete(recursive: true);
}
