using System.Net;
using System.Text.Json;
using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Udp;

/// <summary>A gateway that is reached over a network, where sources can be forged, and clients that ask for answers larger than their requests.</summary>
public sealed class AddressProofTests : IAsyncLifetime
{
    private const string Sample = "docs/samples/request.py";
    private const string Request = """{"id":1,"operation":"file","payload":{"name":"note.txt"}}""";

    private readonly string _text = new('x', 5000);
    private readonly DirectoryInfo _served = Directory.CreateTempSubdirectory("shortline-served-");
    private Fleet? _fleet;

    private static IPAddress Address => NetworkAddress.OfThisMachine!;

    private Fleet Fleet => _fleet!;

    private IPEndPoint Gateway => new(Address, Fleet.Gateway.Port);

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_served.FullName, "note.txt"), _text);
        if (NetworkAddress.OfThisMachine is not null)
            _fleet = await Fleet.Start("--load_balancer:address", $"{Address}", "--server:file_root", _served.FullName);
    }

    public async Task DisposeAsync()
    {
        if (_fleet is not null)
            await _fleet.DisposeAsync();
        _served.Delete(recursive: true);
    }

    [NetworkFact]
    public async Task A_small_request_gets_its_large_answer_only_with_the_token_for_its_socket()
    {
        using var socket = new PlainSocket(Gateway);
        var asked = await socket.Ask(Request);
        Assert.True(asked.Length <= 3 * Request.Length, asked);
        var verify = JsonDocument.Parse(asked).RootElement;
        Assert.Equal("verify", verify.GetProperty("status").GetString());
        var proven = $"{Request[..^1]},\"token\":\"{verify.GetProperty("token").GetString()}\"}}";

        using var other = new PlainSocket(Gateway);
        Assert.Equal("verify", (await other.AskJson(proven)).GetProperty("status").GetString());
        Assert.Equal("ok", (await socket.AskJson(proven)).GetProperty("status").GetString());
    }

    [NetworkFact]
    public async Task The_client_tool_proves_its_address_by_itself()
    {
        await using var get = Fleet.Run(ProgramFile.Client, [.. FreePorts.OfClients, "get", "note.txt", "--gateway", $"{Gateway}"]);
        Assert.True(await get.WaitForExit() == 0, $"{get.Describe()}\n{Fleet.Silo.Describe()}");

        Assert.Equal(_text, await File.ReadAllTextAsync(Fleet.PathOf("note.txt")));
    }

    [NetworkFact]
    public async Task The_sample_in_Python_proves_its_address()
    {
        await using var python = PythonProgram.Start(Repository.File(Sample), $"{Address}", $"{Fleet.Gateway.Port}", "file", """{"name":"note.txt"}""");
        var output = await python.Ended();

        Assert.True(output.StartsWith('{'), $"{output}\n{Fleet.Silo.Describe()}");
        var response = JsonDocument.Parse(output).RootElement;
        Assert.Equal("ok", response.GetProperty("status").GetString());
        Assert.Equal(5000, response.GetProperty("result").GetProperty("size").GetInt32());
    }

    [Fact]
    public void The_page_shows_the_sample_as_it_is()
    {
        var sample = File.ReadAllText(Repository.File(Sample));
        Assert.Contains($"```python\n{sample}```\n", File.ReadAllText(Repository.File("docs/protocol.md")), StringComparison.Ordinal);
        Assert.InRange(sample.Split('\n').Length, 1, 20);
    }
}
