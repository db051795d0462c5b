using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>What the grains of a cluster have stored, as JSON: it does not change with the object in memory.</summary>
internal interface IStateStore
{
    /// <returns>The content, or null if there is none.</returns>
    byte[]? Read(string storage, GrainId grain, string state);

    void Write(string storage, GrainId grain, string state, byte[] content);

    void Clear(string storage, GrainId grain, string state);
}
