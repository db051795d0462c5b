using System.Net;
using System.Text.RegularExpressions;

namespace Shortline.System.Tests.Processes;

/// <summary>A silo with a gateway as a process, in a folder and on ports of its own, and client tools that send to it.</summary>
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

    /// <summary>The settings of its ports.</summary>
    public string[] Ports { get; }

    public IPEndPoint Gateway { get; }

    /// <summary>Starts it and waits until it takes requests.</summary>
    public static async Task<Fleet> Start(params string[] settings)
    {
        var folder = new WorkingFolder();
        var ports = FreePorts.Settings(out var port);
        var fleet = new Fleet(folder, folder.Start(ProgramFile.Silo, ["--name", "one", "--gateway", .. ports, .. settings]), ports, port);
        await fleet.Silo.WaitForLine(" (UDP and TCP), gateway ");
        return fleet;
    }

    public string PathOf(string file) => _folder.PathOf(file);

    /// <summary>Starts another process in the same folder.</summary>
    public ProgramProcess Run(string program, params IEnumerable<string> arguments) => _folder.Start(program, arguments);

    /// <summary>Starts the client tool, with any local port that is free.</summary>
    public ProgramProcess Client(params IEnumerable<string> arguments) =>
        Run(ProgramFile.Client, [.. FreePorts.OfClients, "--gateway", $"{Gateway}", .. arguments]);

    /// <summary>Runs the client tool to its end, which is good only if every request was answered ok.</summary>
    public async Task<ProgramProcess> AllOk(params IEnumerable<string> arguments)
    {
        var client = Client(arguments);
        Assert.True(await client.WaitForExit() == 0, $"{client.Describe()}\n{Silo.Describe()}");
        return client;
    }

    /// <summary>The servers that there were, one after the other, as the controller has logged it.</summary>
    public IReadOnlyList<int> Sizes() => [.. Resized().Matches(Silo.Output).Select(match => int.Parse(match.Groups["size"].Value))];

    public async ValueTask DisposeAsync()
    {
        await Silo.DisposeAsync();
        _folder.Dispose();
    }

    [GeneratedRegex(@" → (?<size>\d+) servers: ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Resized();
}
