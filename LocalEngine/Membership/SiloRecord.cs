using System.Text.Json.Serialization;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>What a silo publishes of itself in the folder of its cluster.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Port">Where it listens, on the loopback address.</param>
/// <param name="Generation">Which run of it.</param>
/// <param name="Status">Where it is in its life.</param>
/// <param name="Identity">The process: what its connections call themselves.</param>
/// <param name="Token">Known to those who may read the folder: who connects has to say it.</param>
internal sealed record SiloRecord(string Name, int Port, int Generation, SiloStatus Status, string Identity, string Token)
{
    [JsonIgnore]
    public SiloAddress Address => new(Port, Generation);

    /// <summary>The name of its files, without their ending.</summary>
    [JsonIgnore]
    public string FileName => $"{Port}-{Generation}";
}
