namespace Shortline.Grains;

/// <summary>One line of <see cref="WorkHandlerServices"/>: an operation's name and how its handler comes to be.</summary>
/// <param name="Operation">The name.</param>
/// <param name="HandlerName">What the handler is called in messages.</param>
/// <param name="Create">Makes the handler, once per silo.</param>
internal sealed record WorkHandlerRegistration(string Operation, string HandlerName, Func<IServiceProvider, IWorkHandler> Create);
