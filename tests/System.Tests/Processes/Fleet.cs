using System.Net;
using System.Text.RegularExpressions;

namespace Shortline.System.Tests.Processes;

/// <summary>A process with a silo and a gateway, in a folder and on ports of its own, and client tools that send to it.</summary>
internal sealed partial class Fleet : IAsyncDisposable
{
    private readonly WorkingFolder _folder;

    private Fleet(WorkingFolder folder, ProgramProcess silo, string[] ports, int port)
    {
        _folder = folder;
        Silo = silo;
        Ports = ports;
        Gateway = new IPEndPoint(IPAddress.Loopback, port);
    }

    public ProgramProcess Silo { get; }

    /// <summary>The settings of its ports and its cluster.</summary>
    public string[] Ports { get; }

    public IPEndPoint Gateway { get; }

    /// <summary>Starts the silo and waits until its gateway accepts requests.</summary>
    public static Task<Fleet> Start(params string[] settings) => Start(null, settings);

    /// <summary>The same with a silo that may have this many files open, sockets included.</summary>
    public static async Task<Fleet> Start(int? openFiles, params string[] settings)
    {
        var folder = new WorkingFolder();
        var ports = FreePorts.Settings(out var port);
        string[] arguments = ["--name", "one", "--gateway", .. ports, .. settings];
        var silo = openFiles is { } limit ? folder.Start(limit, ProgramFile.Silo, arguments) : folder.Start(ProgramFile.Silo, arguments);
        var fleet = new Fleet(folder, silo, ports, port);
        await fleet.Silo.WaitForLine(" (UDP and TCP), gateway ");
        return fleet;
    }

    public string PathOf(string file) => _folder.PathOf(file);

    /// <summary>Starts another process in the same folder.</summary>
    public ProgramProcess Run(string program, params IEnumerable<string> arguments) => _folder.Start(program, arguments);

    /// <summary>Starts the client tool on free local ports.</summary>
    public ProgramProcess Client(params IEnumerable<string> arguments) =>
        Run(ProgramFile.Client, [.. FreePorts.OfClients, "--gateway", $"{Gateway}", .. arguments]);

    /// <summary>Runs the client tool to its end, and fails unless every request was answered ok.</summary>
    public async Task<ProgramProcess> AllOk(params IEnumerable<string> arguments)
    {
        var client = Client(arguments);
        Assert.True(await client.WaitForExit() == 0, $"{client.Describe()}\n{Silo.Describe()}");
        return client;
    }

    /// <summary>The sizes that the fleet has had, in order, as the controller logged them.</summary>
    public IReadOnlyList<int> Sizes() => [.. Resized().Matches(Silo.Output).Select(match => int.Parse(match.Groups["size"].Value))];

    public async ValueTask DisposeAsync()
    {
        await Silo.DisposeAsync();
        _folder.Dispose();
    }

    [GeneratedRegex(@" → (?<size>\d+) servers: ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Resized();
}
