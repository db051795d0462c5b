using System.Buffers;
using Microsoft.Extensions.DependencyInjection;

namespace Shortline.Grains.Handlers;

/// <summary>Registers work handlers. Every silo of a cluster must register the same ones.</summary>
public static class WorkHandlerServices
{
    /// <summary>Registers a handler for an operation. Each silo creates one instance, with services for its constructor.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="operation">The operation's name: 1 to 64 of A–Z, a–z, 0–9, <c>_</c>, <c>.</c>, <c>-</c>.</param>
    /// <exception cref="ArgumentException">The name is not such a name.</exception>
    /// <exception cref="InvalidOperationException">The operation has a handler already.</exception>
    public static IServiceCollection AddWorkHandler<THandler>(this IServiceCollection services, string operation)
        where THandler : class, IWorkHandler =>
        services.Add(new WorkHandlerRegistration(
            Allowed(operation), typeof(THandler).Name, provider => ActivatorUtilities.CreateInstance<THandler>(provider)));

    /// <summary>Registers a handler for an operation as a delegate, which runs on the thread pool.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="operation">The operation's name: 1 to 64 of A–Z, a–z, 0–9, <c>_</c>, <c>.</c>, <c>-</c>.</param>
    /// <param name="handle">See <see cref="IWorkHandler.Handle"/>.</param>
    /// <exception cref="ArgumentException">The name is not such a name.</exception>
    /// <exception cref="InvalidOperationException">The operation has a handler already.</exception>
    public static IServiceCollection AddWorkHandler(this IServiceCollection services, string operation, WorkDelegate handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return services.Add(new WorkHandlerRegistration(Allowed(operation), "a delegate", _ => new DelegateHandler(handle)));
    }

    private static IServiceCollection Add(this IServiceCollection services, WorkHandlerRegistration added)
    {
        foreach (var service in services)
        {
            if (service is { IsKeyedService: false, ImplementationInstance: WorkHandlerRegistration present }
                && present.Operation == added.Operation)
            {
                throw new InvalidOperationException(
                    $"Operation '{added.Operation}' is registered twice: for {present.HandlerName} and for {added.HandlerName}.");
            }
        }

        return services.AddSingleton(added);
    }

    private static string Allowed(string operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return OperationName.IsValid(operation)
            ? operation
            : throw new ArgumentException(
                $"'{operation}' cannot be the name of an operation: allowed are 1 to {OperationName.MaxLength} of A-Z, a-z, 0-9, '_', '.', '-'.",
                nameof(operation));
    }
}

/// <summary>A registration made with <see cref="WorkHandlerServices"/>: an operation's name, and how to create its handler.</summary>
/// <param name="Operation">The name.</param>
/// <param name="HandlerName">The handler's name in messages.</param>
/// <param name="Create">Creates the handler; called once per silo.</param>
internal sealed record WorkHandlerRegistration(string Operation, string HandlerName, Func<IServiceProvider, IWorkHandler> Create);

/// <summary>Runs a <see cref="WorkDelegate"/> as a handler.</summary>
internal sealed class DelegateHandler(WorkDelegate handle) : IWorkHandler
{
    public ValueTask<WorkOutcome> Handle(WorkRequest request, IBufferWriter<byte> result, CancellationToken cancellationToken) =>
        handle(request, result, cancellationToken);
}
