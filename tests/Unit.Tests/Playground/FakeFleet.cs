using Shortline.GrainInterfaces.Fleet;
using Shortline.Playground.Run;

namespace Shortline.Unit.Tests.Playground;

/// <summary>A fleet that records the commands that it receives.</summary>
internal sealed class FakeFleet : IFleet
{
    public FleetStatus Status { get; set; } = Views.Fleet(Views.Server("0"), Views.Server("1"));

    public Exception? Failure { get; set; }

    public List<string> Commands { get; } = [];

    public Task<FleetStatus> GetStatus() => Failure is null ? Task.FromResult(Status) : Task.FromException<FleetStatus>(Failure);

    public Task<string?> Add() => Record<string?>("add", Status.Servers.Length < Status.Maximum ? "9" : null);

    public Task<bool> Drain(string serverId) => Record($"drain {serverId}", Status.Servers.Length > 1);

    public Task<bool> Kill(string serverId) => Record($"kill {serverId}", true);

    public Task<bool> SetAlgorithm(string algorithm) => Record(algorithm, true);

    private Task<T> Record<T>(string command, T answer)
    {
        Commands.Add(command);
        return Task.FromResult(answer);
    }
}
