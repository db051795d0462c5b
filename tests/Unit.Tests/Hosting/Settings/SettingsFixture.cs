using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sources;

namespace Shortline.Unit.Tests.Hosting.Settings;

/// <summary>Reads settings from a temporary folder with the files, variables and arguments of a test.</summary>
internal sealed class SettingsFixture : IDisposable
{
    public static readonly string[] Algorithms = ["shortest_queue", "round_robin"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shortline-settings-");

    public string Folder => _folder.FullName;

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> ProgramDefaults { get; } = new(StringComparer.Ordinal);

    public SettingsFixture File(string json, string name = "config.json")
    {
        System.IO.File.WriteAllText(Path.Combine(Folder, name), json);
        return this;
    }

    public SettingsFixture Variable(string name, string value)
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
