using Shortline.LocalEngine;

namespace Orleans.Runtime;

/// <summary>A reference to a grain or an observer. Proxies of grain interfaces derive from it.</summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    internal GrainReference()
    {
    }

    /// <summary>Who is referred to.</summary>
    internal GrainId GrainId { get; private set; }

    internal Party Runtime { get; private set; } = null!;

    /// <summary>Where the grain was last, or the observer.</summary>
    internal CallTarget? Target { get; private set; }

    /// <inheritdoc/>
    public bool Equals(GrainReference? other) => other is not null && GrainId.Equals(other.GrainId);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc/>
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <inheritdoc/>
    public sealed override string ToString() => GrainId.ToString();

    internal void Bind(Party runtime, GrainId grainId, CallTarget? target)
    {
        Runtime = runtime;
        GrainId = grainId;
        Target = target;
    }

    internal Task<TResult> Send<TResult>(TaskCall<TResult> call, GrainMethod method, CancellationToken cancellation)
    {
        var response = call.Response;
        Send((Call)call, method, cancellation);
        return response;
    }

    internal ValueTask<TResult> Send<TResult>(ValueTaskCall<TResult> call, GrainMethod method, CancellationToken cancellation)
    {
        var response = call.Response;
        Send((Call)call, method, cancellation);
        return response;
    }

    internal ValueTask SendForCompletion(ValueTaskCall<Unit> call, GrainMethod method, CancellationToken cancellation)
    {
        var completion = call.Completion;
        Send((Call)call, method, cancellation);
        return completion;
    }

    internal void Send(Call call, GrainMethod method, CancellationToken cancellation)
    {
        // A reference that a grain was given still belongs to who made it; the call is the grain's.
        var caller = Activation.Current?.Silo ?? Runtime;
        call.Begin(method, GrainId, caller, cancellation);
        if (Target is not { IsGone: false } target)
        {
            if (!caller.TryLocate(call, Target, out target))
            {
                return;
            }

            Target = target;
        }

        target.Receive(call);
    }
}
