using Shortline.Gateway;

return await GatewayCommand.RunAsync(args);
