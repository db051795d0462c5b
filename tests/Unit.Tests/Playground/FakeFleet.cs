using Shortline.GrainInterfaces.Fleet;
using Shortline.Playground.Run;

namespace Shortline.Unit.Tests.Playground;

/// <summary>A fleet that remembers what it was told.</summary>
internal sealed class FakeFleet : IFleet
{
    public FleetStatus Status { get; set; } = Views.Fleet(Views.Server("0"), Views.Server("1"));

    public Exception? Failure { get; set; }

    public List<string> Told { get; } = [];

    public Task<FleetStatus> GetStatus() => Failure is null ? Task.FromResult(Status) : Task.FromException<FleetStatus>(Failure);

    public Task<string?> Add() => Tell<string?>("add", Status.Servers.Length < Status.Maximum ? "9" : null);

    public Task<bool> Drain(string serverId) => Tell($"drain {serverId}", Status.Servers.Length > 1);

    public Task<bool> Kill(string serverId) => Tell($"kill {serverId}", true);

    public Task<bool> SetAlgorithm(string algorithm) => Tell(algorithm, true);

    private Task<T> Tell<T>(string what, T answer)
    {
        Told.Add(what);
        return Task.FromResult(answer);
    }
}
